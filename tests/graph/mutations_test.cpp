// Over a thousand broken graphs: none is taken, each is told by the right rule on the right line.
#include <doctest/doctest.h>

#include <algorithm>

#include "graph_texts.hpp"
#include "mutations.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

constexpr std::size_t at_least = 50;  // of each kind

bool tells(const std::vector<problem>& problems, const std::set<std::string>& rules, int line) {
  return std::any_of(problems.begin(), problems.end(),
                     [&](const problem& p) { return !p.warning && p.line == line && rules.count(p.rule) > 0; });
}

}  // namespace

TEST_CASE("every mutation of the good graphs is refused") {
  std::vector<test::graph_sites> graphs;
  for (const auto& path : test::list_graphs("good")) graphs.push_back(test::find_sites(test::read_file(path)));
  std::mt19937 random(20240607);
  for (const test::mutation_kind& kind : test::mutation_kinds()) {
    CAPTURE(std::string(kind.name));
    std::vector<test::mutation> mutations;
    for (const auto& graph : graphs)
      for (auto& m : kind.mutate(graph, random)) mutations.push_back(std::move(m));
    CHECK(mutations.size() >= at_least);
    for (const test::mutation& m : mutations) {
      CAPTURE(m.text);
      const auto outcome = test::check_text(m.text);
      CAPTURE(outcome.text());
      CHECK(any_error(outcome.problems));
      CHECK(outcome.graph.stages.empty());
      for (int line : m.lines) {
        CAPTURE(line);
        CHECK(tells(outcome.problems, m.rules, line));
      }
    }
  }
}

TEST_CASE("2000 graphs with random bytes changed are read without a throw") {
  std::vector<std::string> texts;
  for (const auto& path : test::list_graphs("good")) texts.push_back(test::read_file(path));
  std::mt19937 random(7);
  const std::string marks = "{}[]:,-\"'#&*!|>%@`?\n \t$~<";
  for (int round = 0; round < 2000; ++round) {
    std::string text = texts[random() % texts.size()];
    for (std::size_t n = random() % 4 + 1; n > 0; --n) {
      const std::size_t at = random() % text.size();
      const char c = random() % 2 ? marks[random() % marks.size()] : static_cast<char>(random() % 256);
      switch (random() % 3) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        default:
          text.erase(at, random() % 8 + 1);
      }
    }
    CAPTURE(text);
    CHECK_NOTHROW(test::check_text(text));
  }
}
