// The graph files under tests/graphs, and what the core says about them.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "graph/checked_graph.hpp"
#include "graph/graph_file.hpp"

namespace flowrun::core::test {

std::string read_file(const std::filesystem::path& path);
std::vector<std::filesystem::path> list_graphs(const std::string& folder);  // "good" or "bad", in order of name

struct outcome {
  checked_graph graph;
  std::vector<problem> problems;
  std::string text() const;  // every problem on its line
};

// Reads and checks against the test catalog. `# --set NAME=V` lines at the top of a text are obeyed.
outcome check_text(const std::string& text, const std::string& file = "g.yaml",
                   std::vector<override_text> overrides = {});

}  // namespace flowrun::core::test
