// A plugin that brings a library of its own.
#include <flowrun/plugin.hpp>

int rival_answer();

struct ask_rival {
  static constexpr auto name = "ask";
  static void describe(flowrun::description<ask_rival>& d) {
    d.doc("Gives the library's number.");
    d.run(&ask_rival::run, {"image"}, {"image"});
  }
  flowrun::image run(const flowrun::image& in) const {
    if (rival_answer() != 42) throw std::runtime_error("another library answered");
    return in;
  }
};

FLOWRUN_PLUGIN("rival_user", "1.0.0", ask_rival)
