// expect: flowrun: run() takes its inputs as const In& (or const In* for an optional one); other stages read the same
// value
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.run(&stage::run, {"image"}, {"mask"}); }
  flowrun::image run(flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
