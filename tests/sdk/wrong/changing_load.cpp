// expect: flowrun: a source's load() is `Out load(const ref&) const`: it runs in parallel
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.source(&stage::next, &stage::load, {"number"}); }
  bool next(flowrun::item_ref&) { return false; }
  int load(const flowrun::item_ref&) { return 1; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
