// expect: basic.masker: it names the model 'net', but nothing calls it; d.device() does
#include <flowrun/plugin.hpp>

struct masker {
  static constexpr auto name = "masker";

  static void describe(flowrun::description<masker>& d) {
    d.model("net");
    d.run(&masker::run, {"image"}, {"mask"});
  }

  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("basic", "1.0.0", masker)
