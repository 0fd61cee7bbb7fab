// Opens the libraries a graph uses.
#pragma once
#include <vector>

#include <flowrun/process.hpp>
#include <flowrun/stage.hpp>

#include "../graph/checked_graph.hpp"
#include "../plugin/stage_catalog.hpp"

namespace flowrun::core {

// The code of every stage of the graph. Only libraries the graph uses are opened. Throws plugin_error.
struct stage_code {
  std::vector<const stage_info*> stages;
  std::vector<void (*)(const process_options&)> process_setups;
};
stage_code open_stage_code(const checked_graph& graph, const stage_catalog& catalog);

}  // namespace flowrun::core
