// The second pass: the edges of the minimum spanning tree between components the first pass could not join.
#pragma once
#include "certified_forest.hpp"
#include "frame.hpp"
#include "search_effort.hpp"

namespace hdbscan {

std::vector<edge> join_components(const points&, const frame&, const kernel&, const forest&, const nearest_neighbours&,
                                  const search_effort&, search_figures&);

}  // namespace hdbscan
