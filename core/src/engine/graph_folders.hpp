// Folders of plugins and models that a graph file names.
#pragma once
#include <filesystem>
#include <vector>

#include "../graph/graph_spec.hpp"

namespace flowrun::core {

// Relative to the graph file. A folder must belong to the user or root and not be writable by others, else it is a
// problem: who writes a graph must not get to choose the code that runs, and a model is code.
std::vector<std::filesystem::path> plugin_folders(const graph_spec& spec, std::vector<problem>& problems);
std::vector<std::filesystem::path> model_folders(const graph_spec& spec, std::vector<problem>& problems);

}  // namespace flowrun::core
