// expect: flowrun: a stage has `static constexpr auto name` and `static void describe(flowrun::description<T>&)`
#include <flowrun/plugin.hpp>

struct stage {
  static void describe(flowrun::description<stage>& d) { d.run(&stage::run, {"image"}, {"mask"}); }
  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
