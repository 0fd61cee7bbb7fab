// expect: flowrun: run() takes a different number of inputs than the {in} list names
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.run(&stage::run, {"image", "level"}, {"mask"}); }
  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
