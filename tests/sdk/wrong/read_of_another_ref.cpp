// expect: flowrun: a source's read() takes what next() fills, as const ref&
#include <flowrun/plugin.hpp>

struct medium : flowrun::item_ref {};
struct frames {
  bool next(flowrun::item_ref&) { return false; }
  flowrun::image load() { return {}; }
};
struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.sequence(&stage::next, &stage::read, {"image"}); }
  bool next(medium& m) {
    m.sequence = true;
    return false;
  }
  std::unique_ptr<frames> read(const flowrun::item_ref&) const { return {}; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
