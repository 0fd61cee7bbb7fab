// expect: flowrun: finish() is `Out finish(const In&..., std::span<const Note>, const flowrun::result_rows&) const`;
// without the span where prepare() gives nothing
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.model("net", &stage::prepare, &stage::finish, {"image"}, {"label"});
  }
  void prepare(const flowrun::image&, std::size_t, flowrun::row&) const {}
  void finish(const flowrun::image&, const flowrun::result_rows&) const {}
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
