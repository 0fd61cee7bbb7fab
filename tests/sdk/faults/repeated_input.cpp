// expect: basic.threshold: two of its inputs are named 'image'
#include <flowrun/plugin.hpp>

struct threshold {
  static constexpr auto name = "threshold";
  int level = 1;

  static void describe(flowrun::description<threshold>& d) { d.run(&threshold::run, {"image", "image"}, {"mask"}); }

  flowrun::image run(const flowrun::image& in, const flowrun::image&) const { return in; }
};

FLOWRUN_PLUGIN("basic", "1.0.0", threshold)
