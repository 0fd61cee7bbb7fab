// expect: flowrun: what next() fills derives from flowrun::item_ref
#include <flowrun/plugin.hpp>

struct ref {
  int line = 0;
};

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.source(&stage::next, &stage::load, {"number"}); }
  bool next(ref&) { return false; }
  int load(const ref& r) const { return r.line; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
