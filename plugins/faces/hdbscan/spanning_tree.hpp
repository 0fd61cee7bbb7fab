// The minimum spanning tree of the mutual reachability distances, exactly.
#pragma once
#include <vector>

#include "edge.hpp"
#include "search_effort.hpp"

namespace hdbscan {

// count - 1 edges, lightest first. The weight of an edge is the largest of the distance of its ends and the distances
// of each to its k-th nearest other point (the last if there are fewer), k >= 1. Runs on the threads of the arena it is
// called in.
std::vector<edge> find_spanning_tree(const points&, std::size_t k, const search_effort& = {},
                                     search_figures* = nullptr);

}  // namespace hdbscan
