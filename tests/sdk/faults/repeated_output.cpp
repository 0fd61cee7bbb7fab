// expect: basic.threshold: two of its outputs are named 'mask'
#include <flowrun/plugin.hpp>

struct threshold {
  static constexpr auto name = "threshold";
  int level = 1;

  static void describe(flowrun::description<threshold>& d) { d.run(&threshold::run, {"image"}, {"mask", "mask"}); }

  std::tuple<flowrun::image, int> run(const flowrun::image& in) const { return {in, level}; }
};

FLOWRUN_PLUGIN("basic", "1.0.0", threshold)
