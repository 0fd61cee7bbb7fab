// `cache: true` in live runs: a plugin's answers to the same content come from an earlier run.
#include <filesystem>
#include <flowrun/testing.hpp>
#include <flowrun/types/image.hpp>
#include <fstream>
#include <test_paths.hpp>

#include "host_graph.hpp"

using namespace flowrun;
using namespace host_test;

namespace {

image grey(int value) {
  image_buffer picture(8, 4, 1);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 8; ++x) picture.row(y)[x] = static_cast<std::uint8_t>(value + x);
  return std::move(picture).freeze();
}

graph load_pictures(const std::filesystem::path& cache, const std::string& stages) {
  engine_options options;
  options.plugin_folders = {std::filesystem::path(test_paths::build) / "plugins"};
  options.cache_folder = cache;
  options.stages = {make_input<image>("picture")};
  graph g = engine(options).load_text("flowrun: 1\nstages:\n  in: {use: host.picture}\n" + stages, "test");
  for (const problem& p : g.problems()) FAIL_CHECK(to_text(p));
  return g;
}

constexpr auto light = "  light: {use: lighting.analyze, in: in, cache: true}\n";

// What the run says of four pictures of two contents, pushed one after the other.
struct pushed_four {
  explicit pushed_four(const graph& g) {
    live_run live(g);
    for (int i = 0; i < 4; ++i) {
      live.push("in", {std::to_string(i), grey(i % 2 * 100)});
      auto r = live.pull(60s);
      REQUIRE(r);
      values += r->json("light") + "\n";
    }
    live.close();
    done = live.wait();
    for (const stage_report& s : done.stages)
      if (s.name == "light") of_light = s;
  }
  std::string values;
  report done;
  stage_report of_light;
};

}  // namespace

TEST_CASE("the same content is answered from the cache, in this run and in the next") {
  testing::temporary_folder t;
  const graph g = load_pictures(t.path(), light);
  const pushed_four first(g), second(g);
  CHECK(first.of_light.calls == 2);
  CHECK(first.of_light.cached == 2);
  CHECK(second.of_light.calls == 0);
  CHECK(second.of_light.cached == 4);
  CHECK(second.done.done == 4);
  CHECK(second.done.notes.empty());
  CHECK(second.values == first.values);
}

TEST_CASE("without a folder, and with one that cannot be written, nothing is cached and a note says so") {
  const pushed_four homeless(load_pictures("", light));
  CHECK(homeless.of_light.calls == 4);
  CHECK(homeless.done.notes ==
        std::vector<std::string>{"cache: there is no folder for it (neither XDG_CACHE_HOME nor HOME is set); nothing "
                                 "was kept"});
  testing::temporary_folder t;
  std::ofstream(t.path() / "answers") << "in the way";
  const pushed_four refused(load_pictures(t.path(), light));
  CHECK(refused.of_light.calls == 4);
  CHECK(refused.done.notes ==
        std::vector<std::string>{"cache: " + (t.path() / "answers").string() +
                                 ": cannot be made: Not a directory; answers are not kept for later"});
}

TEST_CASE("a stage whose value the results would hold, but no file can, is refused") {
  testing::temporary_folder t;
  const std::string small = "  small: {use: image.resize, params: {width: 4}, in: in, cache: true}\n";
  live_run refused(load_pictures(t.path(), small + "  light: {use: lighting.analyze, in: in}\n"));
  CHECK(refused.wait().exit_code == 65);
  CHECK(refused.wait().message ==
        "test: stage 'small' cannot be cached: results hold its output 'image' (flowrun.image/1), which declares no "
        "fields; leave out 'cache', or read that output in a stage");
}
