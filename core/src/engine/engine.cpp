#include <flowrun/engine.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "../graph/check_graph.hpp"
#include "../graph/dot.hpp"
#include "../graph/graph_file.hpp"
#include "../model/models_json.hpp"
#include "../model/opened_model.hpp"
#include "../plugin/catalog_json.hpp"
#include "choose_profiles.hpp"
#include "graph_folders.hpp"
#include "graph_summary.hpp"
#include "join_folders.hpp"
#include "loaded_graph.hpp"

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

engine::engine(engine_options options) : options_(std::move(options)) {
  if (const std::string fault = find_in_process_fault(options_.stages); !fault.empty())
    throw std::logic_error("engine_options::stages: " + fault);
}

graph engine::load_text(const std::string& text, const std::string& name, const std::vector<setting>& settings,
                        const std::vector<std::string>& profiles) const {
  auto loaded = std::make_shared<loaded_graph>();
  for (const auto& folder : options_.plugin_folders)
    loaded->plugin_folders.push_back(std::filesystem::absolute(folder));
  for (const auto& folder : options_.model_folders) loaded->model_folders.push_back(std::filesystem::absolute(folder));
  loaded->cache_folder = options_.cache_folder;
  loaded->gpus = options_.gpus;
  std::vector<override_text> overrides;
  for (const setting& s : settings) overrides.push_back({s.name, s.value});
  graph_spec spec = read_graph_text(text, name, overrides, loaded->problems);
  if (any_error(loaded->problems) && spec.stages.empty()) return engine_access::make(loaded);
  loaded->catalog = read_catalog(
      join_folders(options_.plugin_folders, plugin_folders(spec, loaded->problems), options_.fallback_plugin_folders));
  add_in_process(loaded->catalog, options_.stages);
  loaded->models = read_model_catalog(
      join_folders(options_.model_folders, model_folders(spec, loaded->problems), options_.fallback_model_folders));
  profile_choice chosen = choose_profiles(spec, profiles, options_.profile_folders, loaded->gpus, loaded->problems);
  loaded->checked = check_graph(spec, loaded->catalog, loaded->models, loaded->problems, chosen);
  return engine_access::make(loaded);
}

graph engine::load(const std::string& file, const std::vector<setting>& settings,
                   const std::vector<std::string>& profiles) const {
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
  return load_text(text.str(), file, settings, profiles);
}

std::string engine::plugins_json() const {
  stage_catalog catalog = read_catalog(join_folders(options_.plugin_folders, {}, options_.fallback_plugin_folders));
  add_in_process(catalog, options_.stages);
  return write_catalog(catalog);
}

std::vector<verified_file> engine::verify_models(const std::vector<std::string>& names) const {
  model_catalog catalog = read_model_catalog(join_folders(options_.model_folders, {}, options_.fallback_model_folders));
  std::vector<verified_file> all;
  for (const std::string& name : names)
    if (!catalog.find(name)) all.push_back({name, "", "there is no such model file"});
  for (const model_file& m : catalog.models) {
    if (!names.empty() && std::find(names.begin(), names.end(), m.name) == names.end()) continue;
    for (const model_variant& v : m.variants) {
      all.push_back({m.name, v.path, ""});
      try {
        opened_model checked(m, v);
      } catch (const model_error& e) {
        all.back().fault = e.what();
      }
    }
  }
  return all;
}

std::string engine::models_json() const {
  return write_models(read_model_catalog(join_folders(options_.model_folders, {}, options_.fallback_model_folders)));
}

}  // namespace flowrun
