// expect: basic.threshold: two of its params are named 'level'
#include <flowrun/plugin.hpp>

struct threshold {
  static constexpr auto name = "threshold";
  int low = 1, high = 2;

  static void describe(flowrun::description<threshold>& d) {
    d.param("level", &threshold::low, "lower cut");
    d.param("level", &threshold::high, "upper cut");
    d.run(&threshold::run, {"image"}, {"mask"});
  }

  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("basic", "1.0.0", threshold)
