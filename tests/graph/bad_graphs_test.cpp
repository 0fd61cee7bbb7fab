// tests/graphs/bad: one broken graph for every rule, and every word that is said about it.
#include <doctest/doctest.h>
#include <test_paths.hpp>

#include <cstdlib>
#include <fstream>
#include <set>

#include "graph_texts.hpp"

using namespace flowrun;
using namespace flowrun::core;
namespace fs = std::filesystem;

namespace {

fs::path expected_path(fs::path graph) {
  return graph.replace_extension(".expected");
}

// The quoted names between `call` and the next comma: out.error("loop", ...
void find_rules_of(const std::string& source, const std::string& call, std::set<std::string>& rules) {
  for (std::size_t at = 0; (at = source.find(call, at)) != std::string::npos;) {
    at += call.size();
    const std::string argument = source.substr(at, source.find(',', at) - at);
    for (std::size_t open = 0; (open = argument.find('"', open)) != std::string::npos;) {
      const std::size_t close = argument.find('"', open + 1);
      rules.insert(argument.substr(open + 1, close - open - 1));
      open = close + 1;
    }
  }
}

void find_rules(const fs::path& folder, std::set<std::string>& rules) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string source = test::read_file(entry.path());
    find_rules_of(source, ".error(", rules);
    find_rules_of(source, ".warn(", rules);
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
  find_rules(fs::path(test_paths::tests) / "../core/src/graph", rules);
  find_rules(fs::path(test_paths::tests) / "../core/src/plugin", rules);
  CHECK(rules.size() == test::list_graphs("bad").size());
  for (const std::string& rule : rules) {
    CAPTURE(rule);
    CHECK(fs::exists(fs::path(test_paths::tests) / "graphs/bad" / (rule + ".yaml")));
    CHECK(fs::exists(fs::path(test_paths::tests) / "graphs/bad" / (rule + ".expected")));
  }
}
