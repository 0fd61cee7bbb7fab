// expect: flowrun: a window's run() is `Out run(const In& previous, const In& current) const`
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.window(&stage::run, {"image"}, {"change"}); }
  int run(const flowrun::image& in) const { return in.width; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
