// Profiles with mistakes, and all that is said about each.
#include <doctest/doctest.h>

#include "graph/nearest_name.hpp"
#include "graph/profile.hpp"
#include "graph/run_keys.hpp"
#include "graph/stage_keys.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

// Everything said about the text; the first line of every profile is given.
std::string told(const std::string& rest, const std::string& first = "flowrun_profile: 1\n") {
  std::vector<problem> problems;
  read_profile_text(first + rest, "p.yaml", problems);
  std::string text;
  for (const problem& p : problems) text += to_text(p) + "\n";
  return text;
}

std::string keys_of_stages() {
  std::vector<std::string> names;
  for (const stage_key& k : stage_keys()) names.push_back(k.name);
  REQUIRE(names[0] == "use");
  REQUIRE(names[1] == "in");
  names.erase(names.begin(), names.begin() + 2);
  return list_names(names);
}

}  // namespace

TEST_CASE("what is no profile at all") {
  CHECK(told("", "") == "p.yaml: the profile is empty; it needs `flowrun_profile: 1`\n");
  CHECK(told("", "~\n") == "p.yaml: the profile is empty; it needs `flowrun_profile: 1`\n");
  CHECK(told("", "[1]\n") == "p.yaml:1:1: a profile must be a map, but is a list\n");
  CHECK(told("", "flowrun_profile: {1\n") ==
        "p.yaml:1:18: this '{' is not closed: a '}' or a ',' is missing before line 2, column 1\n");
  CHECK(told("---\nuses: {}\n") == "p.yaml:2:1: a second document begins here; a profile holds one\n");
  CHECK(told("uses: &a {}\n") ==
        "p.yaml:2:7: anchors (&name) are not used in profiles; write the value where it is used\n");
}

TEST_CASE("the version") {
  CHECK(told("", "uses: {}\n") ==
        "p.yaml:1:1: 'flowrun_profile' is missing; a profile begins with flowrun_profile: 1\n");
  CHECK(told("", "flowrun_profile:\n") ==
        "p.yaml:1:1: 'flowrun_profile' has no value; this version reads profiles of version 1\n");
  CHECK(told("", "flowrun_profile: 2\n") ==
        "p.yaml:1:18: 'flowrun_profile' is '2', but this version reads profiles of version 1\n");
  CHECK(told("", "flowrun: 1\nstages: {}\n") ==
        "p.yaml:1:1: 'flowrun' is not a key of a profile; it has: flowrun_profile, uses, sources, run\n"
        "p.yaml:1:1: 'flowrun_profile' is missing; a profile begins with flowrun_profile: 1\n"
        "p.yaml:2:1: 'stages' is not a key of a profile; it has: flowrun_profile, uses, sources, run\n");
}

TEST_CASE("keys that there are not") {
  CHECK(told("source: {lanes: 4}\n") ==
        "p.yaml:2:1: 'source' is not a key of a profile; it has: flowrun_profile, uses, sources, run. Did you mean "
        "'sources'?\n");
  CHECK(told("uses: {categorize.image: {bacth: 128}}\n") ==
        "p.yaml:2:27: 'bacth' is not a key of a stage that a profile may set; it has: " + keys_of_stages() +
            ". Did you mean 'batch'?\n");
  CHECK(told("sources: {lane: 4}\n") == "p.yaml:2:11: 'lane' is not a key of a stage that a profile may set; it has: " +
                                            keys_of_stages() + ". Did you mean 'lanes'?\n");
  CHECK(told("run: {in_fligth: 64}\n") == "p.yaml:2:7: 'in_fligth' is not a run setting; it has: " +
                                              list_names(run_key_names()) + ". Did you mean 'in_flight'?\n");
}

TEST_CASE("what a stage is and reads stays with the graph") {
  CHECK(told("uses: {a.b: {use: c.d, in: e}}\nsources: {in: x}\n") ==
        "p.yaml:2:14: 'use' belongs to the graph; a profile may set: " + keys_of_stages() +
            "\n"
            "p.yaml:2:24: 'in' belongs to the graph; a profile may set: " +
            keys_of_stages() +
            "\n"
            "p.yaml:3:11: 'in' belongs to the graph; a profile may set: " +
            keys_of_stages() + "\n");
}

TEST_CASE("values of the wrong kind") {
  CHECK(told("uses: 5\nsources: [lanes]\nrun:\n") ==
        "p.yaml:2:7: 'uses' must be a map, but is '5'\n"
        "p.yaml:3:10: 'sources' must be a map, but is a list\n"
        "p.yaml:4:1: 'run' has no value\n");
  CHECK(told("uses: {categorize: {batch: 1}, a.b: 3, c.d: {params: [1]}}\n") ==
        "p.yaml:2:8: 'categorize' is not a stage's name; write PLUGIN.STAGE\n"
        "p.yaml:2:37: 'a.b' must be a map, but is '3'\n"
        "p.yaml:2:54: 'params' must be a map, but is a list\n");
  CHECK(told("uses: {a.b: {batch: }}\nrun: {ram: }\n") ==
        "p.yaml:2:14: 'batch' has no value\n"
        "p.yaml:3:7: 'ram' has no value\n");
}

TEST_CASE("a key given twice") {
  CHECK(told("uses:\n  a.b: {batch: 1}\n  a.b: {batch: 2}\n") ==
        "p.yaml:4:3: 'a.b' is given twice; the first is on line 3\n");
}

TEST_CASE("a profile knows no graph's params") {
  CHECK(told("uses: {media.files: {params: {path: \"${input}\", types: [\"a${b}\"]}}}\n") ==
        "p.yaml:2:37: a profile cannot use a graph's params; write the value itself, or $${ for the characters\n"
        "p.yaml:2:57: a profile cannot use a graph's params; write the value itself, or $${ for the characters\n");
}

TEST_CASE("what is refused is not applied") {
  std::vector<problem> problems;
  const profile p = read_profile_text(
      "flowrun_profile: 1\nuses: {a.b: {bacth: 1, retries: 2, params: 5}}\nsources: {in: x}\nrun: {rma: 1}\n", "p.yaml",
      problems);
  CHECK(problems.size() == 4);
  REQUIRE(p.uses.size() == 1);
  REQUIRE(p.uses[0].second.entries.size() == 1);
  CHECK(p.uses[0].second.entries[0].first.text == "retries");
  CHECK(p.sources.empty());
  CHECK(p.run.empty());
}

TEST_CASE("earlier problems stay") {
  std::vector<problem> problems = {{"graph_file", "g.yaml", 0, 0, "was read before", false}};
  read_profile_text("flowrun_profile: 3\n", "p.yaml", problems);
  REQUIRE(problems.size() == 2);
  CHECK(to_text(problems[0]) == "g.yaml: was read before");
  CHECK(problems[1].rule == "version");
}
