// expect: flowrun: d.start() takes &T::start, a `void start(const flowrun::model_calls&)`
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.model("net", &stage::prepare, &stage::finish, {"image"}, {"label"});
    d.start(&stage::start);
  }
  void start(flowrun::model_calls&) {}
  void prepare(const flowrun::image& in, std::size_t, flowrun::row& row) const { row.put(in); }
  int finish(const flowrun::image&, const flowrun::result_rows& rows) const { return static_cast<int>(rows[0][0]); }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
