// Plugin folders that a graph file names.
#pragma once
#include <filesystem>
#include <vector>

#include "../graph/graph_spec.hpp"

namespace flowrun::core {

// Relative to the graph file. A folder must belong to the user or root and not be writable by others, else it is a
// problem: who writes a graph must not get to choose the code that runs.
std::vector<std::filesystem::path> graph_folders(const graph_spec& spec, std::vector<problem>& problems);

}  // namespace flowrun::core
