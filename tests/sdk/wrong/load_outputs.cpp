// expect: flowrun: load() gives a different number of outputs than the {out} list names
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.source(&stage::next, &stage::load, {"number", "text"}); }
  bool next(flowrun::item_ref&) { return false; }
  int load(const flowrun::item_ref&) const { return 1; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
