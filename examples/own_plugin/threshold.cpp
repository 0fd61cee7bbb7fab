#include <flowrun/plugin.hpp>

struct threshold {
  static constexpr auto name = "threshold";
  int level = 128;

  static void describe(flowrun::description<threshold>& d) {
    d.doc("Turn an image black and white.");
    d.param("level", &threshold::level, "brightness cut").range(0, 255);
    d.run(&threshold::run, {"image"}, {"mask"});
  }

  flowrun::image run(const flowrun::image& in) const {
    return in.gray().map([this](std::uint8_t v) -> std::uint8_t { return v > level ? 255 : 0; });
  }
};

FLOWRUN_PLUGIN("basic", "1.0.0", threshold)
