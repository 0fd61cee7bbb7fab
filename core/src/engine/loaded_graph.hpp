// What an engine's load() found: the checked graph, or why there is none.
#pragma once
#include <memory>
#include <vector>

#include <flowrun/engine.hpp>

#include "../graph/checked_graph.hpp"
#include "../model/model_catalog.hpp"
#include "../plugin/stage_catalog.hpp"

namespace flowrun::core {

struct loaded_graph {
  std::vector<problem> problems;
  checked_graph checked;  // usable without an error among the problems
  stage_catalog catalog;
  model_catalog models;
  std::vector<std::filesystem::path> plugin_folders;  // what the engine was given first, for the manifest
  std::vector<std::filesystem::path> model_folders;
  std::filesystem::path cache_folder;
  gpu_options gpus;
};

// The library's own way into the host's classes.
struct engine_access {
  static const loaded_graph& of(const graph& g) { return *g.loaded_; }
  static std::shared_ptr<const loaded_graph> share(const graph& g) { return g.loaded_; }
  static graph make(std::shared_ptr<const loaded_graph> loaded) {
    graph g;
    g.loaded_ = std::move(loaded);
    return g;
  }
};

}  // namespace flowrun::core
