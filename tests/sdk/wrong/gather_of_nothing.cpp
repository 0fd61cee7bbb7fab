// expect: flowrun: a gather gives one value, or flowrun::rows<Out>
#include <flowrun/plugin.hpp>

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.gather(&stage::run, {"number"}, {"sum"}); }
  void run(const flowrun::table<int>&) const {}
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
