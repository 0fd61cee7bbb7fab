// expect: basic.masker: a device stage needs a model to call, d.model("net")
#include <flowrun/plugin.hpp>

struct masker {
  static constexpr auto name = "masker";

  static void describe(flowrun::description<masker>& d) { d.device(&masker::run, {"image"}, {"mask"}); }

  flowrun::image run(const flowrun::image& in, flowrun::lane&) const { return in; }
};

FLOWRUN_PLUGIN("basic", "1.0.0", masker)
