// expect: basic.masker: a device stage has no start(); that is for a model stage
#include <flowrun/plugin.hpp>

struct masker {
  static constexpr auto name = "masker";

  static void describe(flowrun::description<masker>& d) {
    d.model("net");
    d.device(&masker::run, {"image"}, {"mask"});
    d.start(&masker::start);
  }

  void start(const flowrun::model_calls&) {}
  flowrun::image run(const flowrun::image& in, flowrun::lane&) const { return in; }
};

FLOWRUN_PLUGIN("basic", "1.0.0", masker)
