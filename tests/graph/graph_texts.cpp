#include "graph_texts.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <test_paths.hpp>

#include "graph/check_graph.hpp"
#include "test_catalog.hpp"

namespace flowrun::core::test {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> list_graphs(const std::string& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(fs::path(test_paths::tests) / "graphs" / folder))
    if (entry.path().extension() == ".yaml") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string outcome::text() const {
  std::string all;
  for (const problem& p : problems) all += to_text(p) + "\n";
  return all;
}

outcome check_text(const std::string& text, const std::string& file, std::vector<override_text> overrides) {
  static const stage_catalog catalog = make_catalog();
  std::istringstream lines(text);
  const std::string mark = "# --set ";
  for (std::string line; std::getline(lines, line) && line.compare(0, mark.size(), mark) == 0;) {
    const std::size_t equals = line.find('=');
    overrides.push_back({line.substr(mark.size(), equals - mark.size()), line.substr(equals + 1)});
  }
  outcome o;
  const graph_spec spec = read_graph_text(text, file, overrides, o.problems);
  o.graph = check_graph(spec, catalog, make_models(), o.problems);
  return o;
}

}  // namespace flowrun::core::test
