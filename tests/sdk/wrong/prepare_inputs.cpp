// expect: flowrun: prepare() is `Note prepare(const In&..., std::size_t i, flowrun::row&) const`, with as many inputs
// as the {in} list names
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.model("net", &stage::prepare, &stage::finish, {"image", "faces"}, {"label"});
  }
  void prepare(const flowrun::image&, std::size_t, flowrun::row&) const {}
  int finish(const flowrun::image&, const int&, const flowrun::result_rows&) const { return 1; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
