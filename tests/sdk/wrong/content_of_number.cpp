// expect: flowrun: .content() is for a parameter that is a text, a path
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  int level = 128;
  static void describe(flowrun::description<stage>& d) {
    d.param("level", &stage::level, "brightness cut").content();
    d.run(&stage::run, {"image"}, {"mask"});
  }
  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
