// expect: flowrun: out{name, &S::member} must name members of what run() returns
#include <flowrun/plugin.hpp>

struct found {
  int count = 0;
};
struct other {
  int count = 0;
};

struct stage {
  static constexpr auto name = "stage";
  static void describe(flowrun::description<stage>& d) {
    d.run(&stage::run, {"image"}, flowrun::out{"count", &other::count});
  }
  found run(const flowrun::image&) const { return {}; }
};

FLOWRUN_PLUGIN("wrong", "1.0.0", stage)
