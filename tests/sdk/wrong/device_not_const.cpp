// expect: flowrun: a device stage's run() is `Out run(const In&..., flowrun::lane&) const`, with as many inputs as the
// {in} list names
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.model("net");
    d.device(&stage::run, {"image"}, {"light"});
  }
  int run(const flowrun::image& in, flowrun::lane&) { return in.width; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
