// The stage NEW_PLUGIN.NEW_STAGE: one value for a whole run, of the values that NEW_PLUGIN.NEW_STAGE-value gives.
#include <flowrun/plugin.hpp>

struct NEW_STRUCT_value {
  static constexpr auto name = "NEW_STAGE-value";

  static void describe(flowrun::description<NEW_STRUCT_value>& d) {
    d.doc("Mean brightness of a picture, 0..255.");
    d.run(&NEW_STRUCT_value::run, {"image"}, {"mean"});
  }

  // const: called by several threads at once.
  double run(const flowrun::image& in) const {
    if (in.empty()) throw flowrun::skip("the picture is empty");
    const flowrun::image gray = in.gray();
    double sum = 0;
    for (int y = 0; y < gray.height; ++y)
      for (int x = 0; x < gray.width; ++x) sum += gray.row(y)[x];
    return sum / (static_cast<double>(gray.width) * gray.height);
  }
};

struct NEW_STRUCT {
  static constexpr auto name = "NEW_STAGE";
  static constexpr int version = 1;  // raise it when the same values give another one than before

  double offset = 0;

  static void describe(flowrun::description<NEW_STRUCT>& d) {
    d.doc("Mean of all values.");
    d.param("offset", &NEW_STRUCT::offset, "added to it");
    d.gather(&NEW_STRUCT::run, {"values"}, {"mean"});
  }

  // Called once, after the last item.
  double run(const flowrun::table<double>& values) const {
    if (values.empty()) throw flowrun::skip("no values");
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[i];
    return sum / static_cast<double>(values.size()) + offset;
  }
};

FLOWRUN_PLUGIN("NEW_PLUGIN", "0.1.0", NEW_STRUCT_value, NEW_STRUCT)
