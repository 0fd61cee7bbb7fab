#include <flowrun/engine.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "../graph/check_graph.hpp"
#include "../graph/dot.hpp"
#include "../graph/graph_file.hpp"
#include "../plugin/catalog_json.hpp"
#include "graph_summary.hpp"
#include "loaded_graph.hpp"
#include "plugin_search.hpp"

namespace flowrun {

using namespace core;

bool graph::ok() const {
  return !any_error(loaded_->problems);
}
const std::vector<problem>& graph::problems() const {
  return loaded_->problems;
}
std::string graph::resolved_yaml() const {
  return ok() ? loaded_->checked.resolved_yaml : "";
}
std::string graph::dot() const {
  return ok() ? write_dot(loaded_->checked) : "";
}
std::string graph::summary() const {
  return ok() ? summarize_graph(loaded_->checked) : "";
}

static std::vector<std::filesystem::path> join_folders(const engine_options& o,
                                                       const std::vector<std::filesystem::path>& of_graph) {
  std::vector<std::filesystem::path> all = o.plugin_folders;
  all.insert(all.end(), of_graph.begin(), of_graph.end());
  all.insert(all.end(), o.fallback_plugin_folders.begin(), o.fallback_plugin_folders.end());
  return all;
}

engine::engine(engine_options options) : options_(std::move(options)) {}

graph engine::load_text(const std::string& text, const std::string& name, const std::vector<setting>& settings) const {
  auto loaded = std::make_shared<loaded_graph>();
  for (const auto& folder : options_.plugin_folders)
    loaded->plugin_folders.push_back(std::filesystem::absolute(folder));
  std::vector<override_text> overrides;
  for (const setting& s : settings) overrides.push_back({s.name, s.value});
  graph_spec spec = read_graph_text(text, name, overrides, loaded->problems);
  if (any_error(loaded->problems) && spec.stages.empty()) return engine_access::make(loaded);
  loaded->catalog = read_catalog(join_folders(options_, graph_folders(spec, loaded->problems)));
  loaded->checked = check_graph(spec, loaded->catalog, loaded->problems);
  return engine_access::make(loaded);
}

graph engine::load(const std::string& file, const std::vector<setting>& settings) const {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  if (in) text << in.rdbuf();
  if (!in || text.bad() || std::filesystem::is_directory(file)) {
    auto loaded = std::make_shared<loaded_graph>();
    std::string cause = std::filesystem::is_directory(file)
                            ? "is a folder; name the graph file in it"
                            : "cannot be read: " + std::string(std::strerror(errno ? errno : EIO));
    loaded->problems.push_back({"graph_file", file, 0, 0, cause, false});
    return engine_access::make(loaded);
  }
  return load_text(text.str(), file, settings);
}

std::string engine::plugins_json() const {
  return write_catalog(read_catalog(join_folders(options_, {})));
}

}  // namespace flowrun
