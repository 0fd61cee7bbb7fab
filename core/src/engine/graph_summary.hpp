#pragma once
#include <string>

#include "../graph/checked_graph.hpp"

namespace flowrun::core {

// A line per stage: what it is, what it reads, how it runs. For `flowrun check`.
std::string summarize_graph(const checked_graph& graph);

}  // namespace flowrun::core
