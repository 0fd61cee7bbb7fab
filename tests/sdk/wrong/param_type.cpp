// expect: flowrun: a parameter is a bool, a number, a std::string, or a std::vector of std::string or double
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  flowrun::image background;
  static void describe(flowrun::description<stage>& d) {
    d.param("background", &stage::background, "seen behind");
    d.run(&stage::run, {"image"}, {"mask"});
  }
  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
