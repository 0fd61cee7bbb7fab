// expect: flowrun: finish() takes the inputs of prepare() and a span of what prepare() gives
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.model("net", &stage::prepare, &stage::finish, {"image"}, {"label"});
  }
  void prepare(const flowrun::image&, std::size_t, flowrun::row&) const {}
  int finish(const int&, const flowrun::result_rows&) const { return 1; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
