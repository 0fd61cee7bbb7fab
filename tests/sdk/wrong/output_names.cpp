// expect: flowrun: run() gives a different number of outputs than the {out} list names
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.run(&stage::run, {"image"}, {"mask", "level"}); }
  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
