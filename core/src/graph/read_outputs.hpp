// Which outputs of a graph are read by a stage.
#pragma once
#include <vector>

#include "checked_graph.hpp"

namespace flowrun::core {

// By stage and output.
std::vector<std::vector<bool>> read_outputs(const checked_graph& graph);

}  // namespace flowrun::core
