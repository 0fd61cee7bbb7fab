// expect: flowrun: a source's next() is `bool next(ref&)`: true gives one more item
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.source(&stage::next, &stage::load, {"number"}); }
  void next(flowrun::item_ref&) {}
  int load(const flowrun::item_ref&) const { return 1; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
