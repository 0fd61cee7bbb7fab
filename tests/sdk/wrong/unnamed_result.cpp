// expect: flowrun: run() returns a value, so its output needs a name: d.run(&T::run, {"in"}, {"out"})
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.run(&stage::run, {"image"}); }
  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
