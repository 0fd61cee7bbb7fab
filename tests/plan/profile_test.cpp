// Reading a profile: what is in it, and where each value stands.
#include <doctest/doctest.h>

#include "graph/problem_sink.hpp"
#include "graph/profile.hpp"
#include "graph/yaml_values.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

profile read(const std::string& text) {
  std::vector<problem> problems;
  profile p = read_profile_text(text, "p.yaml", problems);
  for (const problem& found : problems) FAIL(to_text(found));
  return p;
}

}  // namespace

TEST_CASE("the parts of a profile") {
  const profile p = read(
      "flowrun_profile: 1\n"
      "uses:\n"
      "  categorize.image: {batch: 128, params: {top: 3}}\n"
      "  faces.embed: {batch: 64}\n"
      "sources: {lanes: 4}\n"
      "run: {in_flight: 64}\n");
  CHECK(p.file == "p.yaml");
  REQUIRE(p.uses.size() == 2);
  CHECK(p.uses[0].first.text == "categorize.image");
  REQUIRE(p.uses[0].second.entries.size() == 2);
  CHECK(p.uses[0].second.entries[0].first.text == "batch");
  CHECK(to_integer(p.uses[0].second.entries[0].second) == 128);
  CHECK(p.uses[0].second.entries[1].second.entries[0].first.text == "top");
  REQUIRE(p.sources.size() == 1);
  CHECK(p.sources[0].first.text == "lanes");
  REQUIRE(p.run.size() == 1);
  CHECK(to_integer(p.run[0].second) == 64);
}

TEST_CASE("a profile may say nothing") {
  const profile p = read("flowrun_profile: 1\n");
  CHECK(p.uses.empty());
  CHECK(p.sources.empty());
  CHECK(p.run.empty());
}

TEST_CASE("every value knows its file, line and column, also where a graph is checked") {
  const profile p = read("flowrun_profile: 1\nuses:\n  a.b: {params: {list: [1, x]}}\n");
  const yaml_entry& list = p.uses[0].second.entries[0].second.entries[0];
  std::vector<problem> problems;
  problem_sink out("g.yaml", {}, problems);
  out.error("rule", list.first.at, "the name");
  out.error("rule", list.second.items[1].at, "the item");
  out.error("rule", {7, 1}, "the graph");
  REQUIRE(problems.size() == 3);
  CHECK(to_text(problems[0]) == "p.yaml:3:18: the name");
  CHECK(to_text(problems[1]) == "p.yaml:3:28: the item");
  CHECK(to_text(problems[2]) == "g.yaml:7:1: the graph");
}

TEST_CASE("problems of several files stand together by file; those without a place come first") {
  std::vector<problem> problems;
  const auto file = std::make_shared<const std::string>("p.yaml");
  problem_sink out("g.yaml", {{"a", "1"}}, problems);
  out.error("rule", {9, 1}, "graph 9");
  out.error("rule", {2, 5, file}, "profile 2");
  out.error("rule", {}, "the whole graph");
  out.error("rule", {0, 1}, "an override");
  out.error("rule", {3, 1}, "graph 3");
  out.error("rule", {1, 1, file}, "profile 1");
  sort_problems(problems);
  std::string text;
  for (const problem& p : problems) text += to_text(p) + "\n";
  CHECK(text ==
        "g.yaml: the whole graph\n"
        "--set a=1: an override\n"
        "g.yaml:3:1: graph 3\n"
        "g.yaml:9:1: graph 9\n"
        "p.yaml:1:1: profile 1\n"
        "p.yaml:2:5: profile 2\n");
}

TEST_CASE("$${ is the characters themselves") {
  const profile p = read("flowrun_profile: 1\nuses: {a.b: {params: {path: \"$${stem}\"}}}\n");
  CHECK(p.uses[0].second.entries[0].second.entries[0].second.text == "${stem}");
}
