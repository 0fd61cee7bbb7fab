// expect: basic.tagger: '2nd net' cannot name a model; use letters, digits, _ and -
#include <flowrun/plugin.hpp>

struct tagger {
  static constexpr auto name = "tagger";

  static void describe(flowrun::description<tagger>& d) {
    d.model("2nd net", &tagger::prepare, &tagger::finish, {"image"}, {"label"}).batch(8);
  }

  void prepare(const flowrun::image& in, std::size_t, flowrun::row& row) const { row.put(in); }
  int finish(const flowrun::image&, const flowrun::result_rows& rows) const { return static_cast<int>(rows[0][0]); }
};

FLOWRUN_PLUGIN("basic", "1.0.0", tagger)
