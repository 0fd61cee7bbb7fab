// expect: basic.masker: it has a start(), but no model to call; open() is called before the first item too
#include <flowrun/plugin.hpp>

struct masker {
  static constexpr auto name = "masker";

  static void describe(flowrun::description<masker>& d) {
    d.run(&masker::run, {"image"}, {"mask"});
    d.start(&masker::start);
  }

  void start(const flowrun::model_calls&) {}
  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("basic", "1.0.0", masker)
