// A checked graph for Graphviz.
#pragma once
#include <string>

#include "checked_graph.hpp"

namespace flowrun::core {

// Stages as boxes (kept outputs are named), edges with the port they carry; `flowrun graph G | dot -Tsvg`.
std::string write_dot(const checked_graph& graph);

}  // namespace flowrun::core
