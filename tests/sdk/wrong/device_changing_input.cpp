// expect: flowrun: run() takes its inputs as const In& (or const In* for an optional one); other stages read the same
// value
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.model("net");
    d.device(&stage::run, {"image"}, {"light"});
  }
  int run(flowrun::image& in, flowrun::lane&) const { return in.width; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
