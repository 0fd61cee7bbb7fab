// tests/graphs/bad: one broken graph for every rule, and every word that is said about it.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include "graph_texts.hpp"

using namespace flowrun;
using namespace flowrun::core;
namespace fs = std::filesystem;

namespace {

fs::path expected_path(fs::path graph) {
  return graph.replace_extension(".expected");
}

void find_rules(const fs::path& folder, std::set<std::string>& rules) {
  static const std::regex call(R"re((?:error|warn)\(\s*"([a-z0-9_]+)")re");
  static const std::regex choice(R"re(text \? "([a-z_]+)" : "([a-z_]+)")re");
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string source = test::read_file(entry.path());
    for (std::sregex_iterator it(source.begin(), source.end(), call), end; it != end; ++it) rules.insert((*it)[1]);
    for (std::sregex_iterator it(source.begin(), source.end(), choice), end; it != end; ++it) {
      rules.insert((*it)[1]);
      rules.insert((*it)[2]);
    }
  }
}

}  // namespace

TEST_CASE("every bad graph gets exactly the expected text") {
  for (const fs::path& graph : test::list_graphs("bad")) {
    CAPTURE(graph.filename().string());
    const auto outcome = test::check_text(test::read_file(graph), graph.filename().string());
    if (std::getenv("FLOWRUN_WRITE_EXPECTED")) std::ofstream(expected_path(graph), std::ios::binary) << outcome.text();
    CHECK(outcome.text() == test::read_file(expected_path(graph)));
    bool told = false;
    for (const problem& p : outcome.problems) told = told || p.rule == graph.stem().string();
    CHECK_MESSAGE(told, "the rule it is named after does not speak");
  }
}

TEST_CASE("every rule has its bad graph") {
  std::set<std::string> rules;
  find_rules(fs::path(FLOWRUN_TEST_DIR) / "../core/src/graph", rules);
  find_rules(fs::path(FLOWRUN_TEST_DIR) / "../core/src/plugin", rules);
  CHECK(rules.size() > 50);
  for (const std::string& rule : rules) {
    CAPTURE(rule);
    CHECK(fs::exists(fs::path(FLOWRUN_TEST_DIR) / "graphs/bad" / (rule + ".yaml")));
    CHECK(fs::exists(fs::path(FLOWRUN_TEST_DIR) / "graphs/bad" / (rule + ".expected")));
  }
}
