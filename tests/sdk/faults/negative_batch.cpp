// expect: basic.tagger: the batch of model 'net' is -1, but must be at least 1
#include <flowrun/plugin.hpp>

struct tagger {
  static constexpr auto name = "tagger";

  static void describe(flowrun::description<tagger>& d) {
    d.model("net", &tagger::prepare, &tagger::finish, {"image"}, {"label"}).batch(-1);
  }

  void prepare(const flowrun::image& in, std::size_t, flowrun::row& row) const { row.put(in); }
  int finish(const flowrun::image&, const flowrun::result_rows& rows) const { return static_cast<int>(rows[0][0]); }
};

FLOWRUN_PLUGIN("basic", "1.0.0", tagger)
