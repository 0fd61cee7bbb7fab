// expect: flowrun: a source's load() takes what next() fills, as const ref&
#include <flowrun/plugin.hpp>

struct line : flowrun::item_ref {
  int number = 0;
};

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.source(&stage::next, &stage::load, {"number"}); }
  bool next(flowrun::item_ref&) { return false; }
  int load(const line& l) const { return l.number; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
