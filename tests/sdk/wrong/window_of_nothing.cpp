// expect: flowrun: a window gives a value; a sink has d.run()
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.window(&stage::run, {"image"}, {"change"}); }
  void run(const flowrun::image&, const flowrun::image&) const {}
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
