// expect: flowrun: d.run() takes &YourStage::run
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  int level = 128;
  static void describe(flowrun::description<stage>& d) { d.run(&stage::level, {"image"}, {"mask"}); }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
