// expect: flowrun: a source's read() is `std::unique_ptr<R> read(const ref&) const`, where R has `bool
// next(flowrun::item_ref&)` and `Out load()`
#include <flowrun/plugin.hpp>

struct medium : flowrun::item_ref {};
struct frames {
  flowrun::image load() { return {}; }
};
struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.sequence(&stage::next, &stage::read, {"image"}); }
  bool next(medium& m) {
    m.sequence = true;
    return false;
  }
  std::unique_ptr<frames> read(const medium&) const { return {}; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
