// Ways to break a good graph, each in one place, each with what must be said about it.
#pragma once
#include <random>
#include <set>
#include <string>
#include <vector>

#include "graph_sites.hpp"

namespace flowrun::core::test {

struct mutation {
  std::string text;
  std::set<std::string> rules;  // one of these must speak ...
  std::vector<int> lines;       // ... on each of these lines
};

using mutator = std::vector<mutation> (*)(const graph_sites& graph, std::mt19937& random);

struct mutation_kind {
  const char* name;
  mutator mutate;
};

const std::vector<mutation_kind>& mutation_kinds();

}  // namespace flowrun::core::test
