// expect: basic.threshold: the default of 'level' is 300, but must be an int 0..255
#include <flowrun/plugin.hpp>

struct threshold {
  static constexpr auto name = "threshold";
  int level = 300;

  static void describe(flowrun::description<threshold>& d) {
    d.param("level", &threshold::level, "brightness cut").range(0, 255);
    d.run(&threshold::run, {"image"}, {"mask"});
  }

  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("basic", "1.0.0", threshold)
