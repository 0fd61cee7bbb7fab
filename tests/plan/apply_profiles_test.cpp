// --set > --profile > the graph's stage > the graph's profile > the default, key by key and param by param.
#include <doctest/doctest.h>

#include "graph/apply_profiles.hpp"
#include "graph/graph_file.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

profile read(const std::string& rest, const std::string& file) {
  std::vector<problem> problems;
  profile p = read_profile_text("flowrun_profile: 1\n" + rest, file, problems);
  for (const problem& found : problems) FAIL(to_text(found));
  return p;
}

graph_spec read_graph_spec(const std::string& text, const std::vector<override_text>& overrides = {}) {
  std::vector<problem> problems;
  graph_spec spec = read_graph_text("flowrun: 1\n" + text, "g.yaml", overrides, problems);
  for (const problem& found : problems) FAIL(to_text(found));
  return spec;
}

profile_choice choice(std::vector<profile> given, std::optional<profile> of_graph = {}) {
  return {std::move(given), std::move(of_graph)};
}

// "parallel=4@g.yaml:3": the value and where it stands.
std::string text_of(const yaml_entries& entries) {
  std::string text;
  for (const yaml_entry& e : entries) {
    const position& at = e.second.at;
    text += (text.empty() ? "" : " ") + e.first.text + "=" + e.second.text + "@" +
            (at.line == 0 ? "--set" : (at.file ? *at.file : "g.yaml") + ":" + std::to_string(at.line));
  }
  return text;
}

const char* const one_stage = "stages:\n  a: {use: t.x, params: {p: graph, q: graph}, parallel: 2, retries: 1}\n";

}  // namespace

TEST_CASE("without profiles, what the graph says") {
  const graph_spec g = read_graph_spec(one_stage);
  const auto merged = effective_keys(g.stages[0], {}, stage_shape::transform);
  CHECK(text_of(merged.keys) == "parallel=2@g.yaml:3 retries=1@g.yaml:3");
  CHECK(text_of(merged.params) == "p=graph@g.yaml:3 q=graph@g.yaml:3");
}

TEST_CASE("a given profile wins over the graph, the graph over its own profile, --set over all") {
  const profile given = read("uses: {t.x: {parallel: 3, params: {p: given}}}\n", "given.yaml");
  const profile own = read("uses: {t.x: {parallel: 4, on_error: stop, params: {p: own, r: own}}}\n", "own.yaml");
  const graph_spec g = read_graph_spec(one_stage);
  const auto merged = effective_keys(g.stages[0], choice({given}, own), stage_shape::transform);
  CHECK(text_of(merged.keys) == "parallel=3@given.yaml:2 on_error=stop@own.yaml:2 retries=1@g.yaml:3");
  CHECK(text_of(merged.params) == "p=given@given.yaml:2 r=own@own.yaml:2 q=graph@g.yaml:3");

  const graph_spec set =
      read_graph_spec(one_stage, {{"a.parallel", "9"}, {"a.params.p", "set"}, {"a.params.s", "new"}});
  const auto told = effective_keys(set.stages[0], choice({given}, own), stage_shape::transform);
  CHECK(text_of(told.keys) == "parallel=9@--set on_error=stop@own.yaml:2 retries=1@g.yaml:3");
  CHECK(text_of(told.params) == "p=set@--set r=own@own.yaml:2 q=graph@g.yaml:3 s=new@--set");
}

TEST_CASE("a graph param given by --set leaves the stage's key the graph's") {
  const graph_spec g = read_graph_spec("params: {n: 1}\nstages:\n  a: {use: t.x, parallel: \"${n}\"}\n", {{"n", "5"}});
  const profile given = read("uses: {t.x: {parallel: 3}}\n", "given.yaml");
  CHECK(text_of(effective_keys(g.stages[0], {}, stage_shape::transform).keys) == "parallel=5@g.yaml:4");
  CHECK(text_of(effective_keys(g.stages[0], choice({given}), stage_shape::transform).keys) ==
        "parallel=3@given.yaml:2");
}

TEST_CASE("of several given profiles the last wins, key by key") {
  const profile first = read("uses: {t.x: {parallel: 3, retries: 3, params: {p: first, q: first}}}\n", "first.yaml");
  const profile last = read("uses: {t.x: {parallel: 4, params: {p: last}}}\n", "last.yaml");
  const graph_spec g = read_graph_spec(one_stage);
  const auto merged = effective_keys(g.stages[0], choice({first, last}), stage_shape::transform);
  CHECK(text_of(merged.keys) == "parallel=4@last.yaml:2 retries=3@first.yaml:2");
  CHECK(text_of(merged.params) == "p=last@last.yaml:2 q=first@first.yaml:2");
}

TEST_CASE("a profile's other stages are of no concern") {
  const profile p = read("uses: {t.y: {parallel: 3}, other.x: {batch: 8}}\n", "p.yaml");
  const graph_spec g = read_graph_spec("stages:\n  a: {use: t.x}\n");
  const auto merged = effective_keys(g.stages[0], choice({p}, p), stage_shape::source);
  CHECK(merged.keys.empty());
  CHECK(merged.params.empty());
}

TEST_CASE("`sources` is for sources, and `uses` of the same profile wins over it") {
  const profile p = read(
      "sources: {parallel: 2, retries: 2, params: {p: source}}\n"
      "uses: {t.x: {parallel: 3, params: {q: use}}}\n",
      "p.yaml");
  const graph_spec g = read_graph_spec("stages:\n  a: {use: t.x}\n");
  const auto source = effective_keys(g.stages[0], choice({p}), stage_shape::source);
  CHECK(text_of(source.keys) == "parallel=3@p.yaml:3 retries=2@p.yaml:2");
  CHECK(text_of(source.params) == "p=source@p.yaml:2 q=use@p.yaml:3");
  const auto other = effective_keys(g.stages[0], choice({p}), stage_shape::transform);
  CHECK(text_of(other.keys) == "parallel=3@p.yaml:3");
  CHECK(text_of(other.params) == "q=use@p.yaml:3");
}

TEST_CASE("a given profile's `sources` wins over the graph and over the `uses` of the graph's profile") {
  const profile given = read("sources: {parallel: 2}\n", "given.yaml");
  const profile own = read("uses: {t.x: {parallel: 5}}\n", "own.yaml");
  const graph_spec g = read_graph_spec(one_stage);
  CHECK(text_of(effective_keys(g.stages[0], choice({given}, own), stage_shape::source).keys) ==
        "parallel=2@given.yaml:2 retries=1@g.yaml:3");
}

TEST_CASE("of a profile that knows names alone, a stage is given what its shape takes") {
  profile p = read("uses: {t.x: {batch: 8, lanes: 3, precision: fp16, params: {p: use}}}\n", "p.yaml");
  const graph_spec g = read_graph_spec("stages:\n  a: {use: t.x}\n");
  const std::string all = "batch=8@p.yaml:2 lanes=3@p.yaml:2 precision=fp16@p.yaml:2";
  CHECK(text_of(effective_keys(g.stages[0], choice({p}), stage_shape::device).keys) ==
        all);  // refused where it is read
  p.built_in = true;
  CHECK(text_of(effective_keys(g.stages[0], choice({p}), stage_shape::model).keys) == all);
  const auto device = effective_keys(g.stages[0], choice({p}, p), stage_shape::device);
  CHECK(text_of(device.keys) == "lanes=3@p.yaml:2 precision=fp16@p.yaml:2");
  CHECK(text_of(device.params) == "p=use@p.yaml:2");
  CHECK(text_of(effective_keys(g.stages[0], choice({p}), stage_shape::transform).keys) == "");
}

TEST_CASE("run settings follow the same order") {
  const profile given = read("run: {in_flight: 20, ram: 2GiB}\n", "given.yaml");
  const profile own = read("run: {in_flight: 30, threads: 3, ram: 3GiB}\n", "own.yaml");
  const graph_spec g = read_graph_spec("run: {in_flight: 10, on_error: stop}\nstages:\n  a: {use: t.x}\n");
  CHECK(text_of(effective_run(g.run, choice({}, own))) ==
        "in_flight=10@g.yaml:2 threads=3@own.yaml:2 ram=3GiB@own.yaml:2 on_error=stop@g.yaml:2");
  CHECK(text_of(effective_run(g.run, choice({given}, own))) ==
        "in_flight=20@given.yaml:2 threads=3@own.yaml:2 ram=2GiB@given.yaml:2 on_error=stop@g.yaml:2");
  const graph_spec set = read_graph_spec("run: {in_flight: 10}\nstages:\n  a: {use: t.x}\n", {{"run.in_flight", "5"}});
  CHECK(text_of(effective_run(set.run, choice({given}, own))) ==
        "in_flight=5@--set threads=3@own.yaml:2 ram=2GiB@given.yaml:2");
}
