// expect: flowrun: shapes() is `flowrun::row_shapes shapes(const In&..., std::size_t i) const`, with the inputs of
// prepare()
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.model("net", &stage::prepare, &stage::finish, {"image"}, {"label"});
  }
  flowrun::row_shapes shapes(const flowrun::image&) const { return {}; }
  void prepare(const flowrun::image&, std::size_t, flowrun::row&) const {}
  int finish(const flowrun::image&, const flowrun::result_rows&) const { return 1; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
