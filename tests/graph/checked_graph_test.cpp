// What a checked graph says: ports, sources, kept outputs, settings.
#include <doctest/doctest.h>

#include "graph_texts.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

const std::string photos = "flowrun: 1\nstages:\n  photos: {use: test.photos, params: {path: in}}\n";

checked_graph take(const std::string& text, std::vector<override_text> overrides = {}) {
  const auto outcome = test::check_text(text, "g.yaml", std::move(overrides));
  CHECK(outcome.text() == "");
  REQUIRE(!outcome.graph.stages.empty());
  return outcome.graph;
}

const checked_stage& find(const checked_graph& g, const std::string& name) {
  for (const checked_stage& s : g.stages)
    if (s.name == name) return s;
  FAIL("no stage ", name);
  return g.stages.front();
}

using flags = std::vector<bool>;

}  // namespace

TEST_CASE("without keep, leaves with fields are kept, and what gathers read") {
  const auto g = take(photos +
                      "  det: {use: test.detect, in: photos}\n"
                      "  vec: {use: test.embed, in: {image: photos, faces: det}}\n"
                      "  parts: {use: test.measure, in: photos}\n"
                      "  log: {use: test.log, in: parts.light}\n"
                      "  who: {use: test.cluster, in: vec}\n"
                      "  best: {use: test.rank, in: who}\n");
  CHECK(find(g, "photos").kept == flags{false});
  CHECK(find(g, "det").kept == flags{false});
  CHECK(find(g, "vec").kept == flags{true});
  CHECK(find(g, "parts").kept == flags{false, true});
  CHECK(find(g, "who").kept == flags{true});
  CHECK(find(g, "best").kept == flags{true});
  CHECK(find(g, "best").is_leaf);
  CHECK(find(g, "log").is_leaf);
  CHECK_FALSE(find(g, "parts").is_leaf);
}

TEST_CASE("keep of a stage keeps all its outputs that have fields") {
  const auto g = take(photos +
                      "  parts: {use: test.measure, in: photos}\n"
                      "  light: {use: test.light, in: photos}\n"
                      "  log: {use: test.log, in: light}\n"
                      "keep: [parts]\n");
  CHECK(find(g, "parts").kept == flags{true, true});
  CHECK(find(g, "light").kept == flags{false});
}

TEST_CASE("an empty keep keeps nothing") {
  const auto outcome = test::check_text(photos + "  light: {use: test.light, in: photos}\nkeep: []\n");
  CHECK(outcome.text() ==
        "g.yaml:4:3: warning: nothing uses stage 'light' (test.light): no stage reads it; 'light' is not in 'keep'\n");
  CHECK(find(outcome.graph, "light").kept == flags{false});
}

TEST_CASE("sources reach through unions and gathers") {
  const auto g = take(photos +
                      "  soft: {use: test.blur, in: [frames, photos]}\n"
                      "  frames: {use: test.frames, params: {path: in}}\n"
                      "  light: {use: test.light, in: soft}\n"
                      "  dark: {use: test.light, in: photos}\n"
                      "  both: {use: test.compare, in: {a: dark, b: light}}\n");
  const auto names = [&g](const std::string& stage) {
    std::vector<std::string> found;
    for (int i : find(g, stage).sources) found.push_back(g.stages[static_cast<std::size_t>(i)].name);
    return found;
  };
  using list = std::vector<std::string>;
  CHECK(names("photos") == list{"photos"});
  CHECK(names("soft") == list{"photos", "frames"});
  CHECK(names("dark") == list{"photos"});
  CHECK(names("both") == list{"photos", "frames"});
  CHECK(find(g, "soft").inputs[0].size() == 2);
}

TEST_CASE("an optional input may stay unwired") {
  const auto g =
      take(photos + "  drawn: {use: test.mark, in: photos}\n  out: {use: test.save, in: drawn, params: {path: o}}\n");
  CHECK(find(g, "drawn").inputs[0].size() == 1);
  CHECK(find(g, "drawn").inputs[1].empty());
}

TEST_CASE("a stage follows the run's on_error unless it says otherwise") {
  const auto g = take(photos +
                      "  a: {use: test.light, in: photos}\n"
                      "  b: {use: test.light, in: photos, on_error: continue}\n"
                      "run: {on_error: stop, ram: 512MiB, max_error_rate: 2.5%}\n");
  CHECK(find(g, "a").error_rule == on_error::stop);
  CHECK(find(g, "b").error_rule == on_error::keep_going);
  CHECK(g.run.ram == 512u << 20);
  CHECK(g.run.max_error_rate == doctest::Approx(0.025));
}

TEST_CASE("--set reaches params, keys, stage params and run settings") {
  const std::string text =
      "flowrun: 1\nparams: {input: null}\nstages:\n  photos: {use: test.photos, params: {path: \"${input}\"}}\n"
      "  soft: {use: test.blur, in: photos}\n  det: {use: test.detect, in: soft, retries: 1}\n";
  const auto g = take(text, {{"input", "my: photos #1"},
                             {"soft.params.radius", "9"},
                             {"det.params.labels", "[a, \"b c\"]"},
                             {"det.retries", "4"},
                             {"det.retries", "5"},
                             {"run.threads", "3"}});
  CHECK(find(g, "photos").params[0] == param_value(std::string("my: photos #1")));
  CHECK(find(g, "soft").params[0] == param_value(std::int64_t{9}));
  CHECK(find(g, "det").params[1] == param_value(std::vector<std::string>{"a", "b c"}));
  CHECK(find(g, "det").retries == 5);
  CHECK(g.run.threads == 3);
}

TEST_CASE("a placeholder given by --set to a param is a text, not a map") {
  const std::string text =
      "flowrun: 1\nparams: {input: null}\nstages:\n  photos: {use: test.photos, params: {path: \"${input}\"}}\n"
      "  out: {use: test.save, in: photos, params: {path: o}}\n";
  for (const char* path : {"{key}", "{stem}.jpg", "{a}/{b}"}) {
    const auto g = take(text, {{"input", path}, {"out.params.path", path}});
    CHECK(find(g, "photos").params[0] == param_value(std::string(path)));
    CHECK(find(g, "out").params[0] == param_value(std::string(path)));
  }
}

TEST_CASE("what is wrong with a --set names it") {
  const auto outcome =
      test::check_text(photos + "  soft: {use: test.blur, in: photos}\n", "g.yaml",
                       {{"soft.params.radius", "many"}, {"soft.params.rad", "1"}, {"run.threads", "0"}});
  CHECK(outcome.text() ==
        "--set run.threads=0: 'threads' must be an int 1..1024, but is '0'\n"
        "--set soft.params.radius=many: 'radius' of test.blur is 'many', but must be an int 1..50\n"
        "--set soft.params.rad=1: 'rad' is not a parameter of test.blur; it has: radius (int 1..50, default 3), mode "
        "(box | gauss, default gauss)\n");
}

TEST_CASE("all problems of a graph are told at once, in file order") {
  const auto outcome = test::check_text(
      "flowrun: 1\nstages:\n  photos: {use: test.photos, parms: {path: in}}\n"
      "  mask: {use: test.blur, in: {imgae: photos.image}}\n  soft: {use: test.blur, in: photos, params: {levl: 1}}\n"
      "  save: {use: test.log, in: soft.image}\n",
      "graphs/track.yaml");
  CHECK(outcome.text() ==
        "graphs/track.yaml:3:30: 'parms' is not a key of a stage; it has: use, in, params, parallel, retries, "
        "on_error, order, cache, every, max_items, model, batch, lanes, precision, device, pin, vram. Did you mean "
        "'params'?\n"
        "graphs/track.yaml:4:31: stage 'mask' (test.blur) has no input 'imgae'; it has: image. Did you mean 'image'?\n"
        "graphs/track.yaml:5:47: 'levl' is not a parameter of test.blur; it has: radius (int 1..50, default 3), mode "
        "(box | gauss, default gauss)\n"
        "graphs/track.yaml:6:29: soft.image is test.image/1, but save.light takes test.light/1\n");
  CHECK(outcome.graph.stages.empty());
}
