// expect: flowrun: .one_of() is for a parameter that is a text
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  int level = 128;
  static void describe(flowrun::description<stage>& d) {
    d.param("level", &stage::level, "brightness cut").one_of({"low", "high"});
    d.run(&stage::run, {"image"}, {"mask"});
  }
  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
