// expect: flowrun: a type that passes a port needs a name: `static constexpr auto port = "mine.type/1"`
#include <flowrun/plugin.hpp>

struct size {
  int width = 0, height = 0;
  static void fields(flowrun::fields<size>& f) { f.field("width", &size::width).field("height", &size::height); }
};

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.run(&stage::run, {"image"}, {"size"}); }
  size run(const flowrun::image& in) const { return {in.width, in.height}; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
