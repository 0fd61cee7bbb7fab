// The host's way in: an engine knows where plugins are; load() reads and checks a graph. Nothing throws across it but
// std::bad_alloc and misuse; nothing prints, exits, or touches signals and the environment.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <flowrun/in_process_stage.hpp>

#include "api.hpp"
#include "problem.hpp"

namespace flowrun {

struct setting {  // as --set NAME=VALUE: a graph param, STAGE.KEY, STAGE.params.P or run.KEY
  std::string name, value;
};

struct engine_options {
  // The program's own, made by make_stage() and make_input(): `use: host.NAME`. The engine throws std::logic_error if a
  // name is taken twice or is none.
  std::vector<in_process_stage> stages;
  // The nearer folder wins: first these, then what the graph file's `plugins:` names, then the fallback folders.
  std::vector<std::filesystem::path> plugin_folders;
  std::vector<std::filesystem::path> fallback_plugin_folders;
  // Folders of model files, the nearer first: these, the graph file's `models:`, the fallback folders.
  std::vector<std::filesystem::path> model_folders;
  std::vector<std::filesystem::path> fallback_model_folders;
  // Where a profile named without a path is looked for, as NAME.yaml.
  std::vector<std::filesystem::path> profile_folders;
  // Where answers of `cache: true` are kept, and how many rows a device took before it ran out of memory; empty:
  // nowhere.
  std::filesystem::path cache_folder;
};

// One file of a model, held against the sha256 in its model file.
struct verified_file {
  std::string model, file;
  std::string fault;  // one sentence; empty: it is what the model file says
};

namespace core {
struct loaded_graph;
struct engine_access;
}  // namespace core

// A graph file, read and checked. Copies share what was read.
class FLOWRUN_API graph {
 public:
  bool ok() const;  // no error among the problems: it can run
  const std::vector<problem>& problems() const;
  std::string resolved_yaml() const;  // with everything filled in; "" unless ok
  std::string dot() const;            // for Graphviz; "" unless ok
  std::string summary() const;        // a line per stage: what runs, how many at once; "" unless ok

 private:
  friend struct core::engine_access;
  std::shared_ptr<const core::loaded_graph> loaded_;
};

class FLOWRUN_API engine {
 public:
  explicit engine(engine_options options);

  // Of a file, with overrides. A missing file is a problem like any other. `profiles`: names or paths, the last wins;
  // "auto" is made for the run's device.
  graph load(const std::string& file, const std::vector<setting>& settings = {},
             const std::vector<std::string>& profiles = {}) const;
  // The same from a text; `name` stands for the file in messages.
  graph load_text(const std::string& text, const std::string& name, const std::vector<setting>& settings = {},
                  const std::vector<std::string>& profiles = {}) const;
  // Every plugin found, with its stages, ports and params, and every library that was refused, with the reason: JSON.
  std::string plugins_json() const;
  // Every model file found, and every file that is none, with the reason: JSON.
  std::string models_json() const;
  // Every file of the models of these names, or of all models.
  std::vector<verified_file> verify_models(const std::vector<std::string>& names) const;

 private:
  engine_options options_;
};

}  // namespace flowrun
