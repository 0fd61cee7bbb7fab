// expect: flowrun: a type that passes a port needs fields() or `std::size_t bytes(const T&)`: memory is counted
#include <flowrun/plugin.hpp>

struct size {
  static constexpr auto port = "mine.size/1";
  int width = 0, height = 0;
};

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) { d.gather(&stage::run, {"number"}, {"size"}); }
  flowrun::rows<size> run(const flowrun::table<int>&) const { return {}; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
