// A checked graph as a graph file: what graph.resolved.yaml of a run directory holds.
#pragma once
#include <string>
#include <vector>

#include "checked_graph.hpp"
#include "graph_spec.hpp"

namespace flowrun::core {

// Every param, port and setting written out; reads back as the same graph. Folders of plugins and models are made
// absolute, for they are relative to a graph file that lies elsewhere.
std::string write_resolved(const checked_graph& graph, const std::vector<yaml_node>& plugin_folders,
                           const std::vector<yaml_node>& model_folders);

}  // namespace flowrun::core
