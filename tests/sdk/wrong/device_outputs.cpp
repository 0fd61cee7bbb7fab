// expect: flowrun: run() gives a different number of outputs than the {out} list names
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.model("net");
    d.device(&stage::run, {"image"}, {"light", "dark"});
  }
  int run(const flowrun::image& in, flowrun::lane&) const { return in.width; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
