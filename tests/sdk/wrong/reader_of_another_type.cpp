// expect: flowrun: the reader's load() gives the same type as the source's load()
#include <flowrun/plugin.hpp>

struct medium : flowrun::item_ref {};
struct frames {
  bool next(flowrun::item_ref&) { return false; }
  int load() { return 0; }
};
struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.source(&stage::next, &stage::load, &stage::read, {"image"});
  }
  bool next(medium& m) {
    m.sequence = true;
    return false;
  }
  flowrun::image load(const medium&) const { return {}; }
  std::unique_ptr<frames> read(const medium&) const { return {}; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
