// expect: flowrun: a window's run() is const: pairs run in parallel, the runtime keeps the previous
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.window(&stage::run, {"image"}, {"change"}); }
  int run(const flowrun::image& a, const flowrun::image& b) { return a.width - b.width; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
