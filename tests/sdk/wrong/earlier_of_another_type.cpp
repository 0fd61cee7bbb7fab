// expect: flowrun: const flowrun::earlier<Out>& is of the type that the gather gives
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.gather(&stage::run, {"number"}, {"sum"}); }
  flowrun::rows<int> run(const flowrun::table<int>&, const flowrun::earlier<double>&) const { return {}; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
