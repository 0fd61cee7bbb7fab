// expect: flowrun: .range() is for a parameter that is a number
#include <flowrun/plugin.hpp>

#include <string>

struct stage {
  static constexpr auto name = "stage";
  std::string mode = "fast";
  static void describe(flowrun::description<stage>& d) {
    d.param("mode", &stage::mode, "how").range(0, 255);
    d.run(&stage::run, {"image"}, {"mask"});
  }
  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
