// expect: flowrun: a gather stage takes const flowrun::table<In>&, and last, if it likes, const flowrun::earlier<Out>&
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.gather(&stage::run, {"number"}, {"sum"}); }
  int run(const int& in) const { return in; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
