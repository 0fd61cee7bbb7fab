// The stage NEW_PLUGIN.NEW_STAGE: one value for each picture.
#include <flowrun/plugin.hpp>

struct NEW_STRUCT {
  static constexpr auto name = "NEW_STAGE";
  static constexpr int version = 1;  // raise it when the same picture gives another value than before

  int level = 128;

  static void describe(flowrun::description<NEW_STRUCT>& d) {
    d.doc("Share of a picture's pixels that are brighter than a level.");
    d.param("level", &NEW_STRUCT::level, "the brightest that does not count").range(0, 255);
    d.run(&NEW_STRUCT::run, {"image"}, {"share"});
  }

  // const: called by several threads at once.
  double run(const flowrun::image& in) const {
    if (in.empty()) throw flowrun::skip("the picture is empty");
    const flowrun::image gray = in.gray();
    std::int64_t brighter = 0;
    for (int y = 0; y < gray.height; ++y)
      for (int x = 0; x < gray.width; ++x) brighter += gray.row(y)[x] > level ? 1 : 0;
    return static_cast<double>(brighter) / (static_cast<double>(gray.width) * gray.height);
  }
};

FLOWRUN_PLUGIN("NEW_PLUGIN", "0.1.0", NEW_STRUCT)
