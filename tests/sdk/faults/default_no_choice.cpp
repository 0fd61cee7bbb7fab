// expect: basic.threshold: the default of 'mode' is harsh, but must be one of soft, hard
#include <flowrun/plugin.hpp>

struct threshold {
  static constexpr auto name = "threshold";
  std::string mode = "harsh";

  static void describe(flowrun::description<threshold>& d) {
    d.param("mode", &threshold::mode, "how").one_of({"soft", "hard"});
    d.run(&threshold::run, {"image"}, {"mask"});
  }

  flowrun::image run(const flowrun::image& in) const { return in; }
};

FLOWRUN_PLUGIN("basic", "1.0.0", threshold)
