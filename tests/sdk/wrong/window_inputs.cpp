// expect: flowrun: a window has one input; run() gets its previous and its current value
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.window(&stage::run, {"a", "b"}, {"change"}); }
  int run(const flowrun::image& a, const flowrun::image& b) const { return a.width - b.width; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
