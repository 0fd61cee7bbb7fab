// expect: flowrun: d.model() takes &YourStage::prepare and &YourStage::finish
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  int level = 128;
  static void describe(flowrun::description<stage>& d) {
    d.model("net", &stage::level, &stage::finish, {"image"}, {"label"});
  }
  int finish(const flowrun::image&, const flowrun::result_rows&) const { return 1; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
