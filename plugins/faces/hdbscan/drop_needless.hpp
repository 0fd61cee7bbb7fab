// Keeps lists of pairs short while core distances are still only bounded.
#pragma once
#include "near_pairs.hpp"

namespace hdbscan {

// Drops pairs that are in no minimum spanning tree, whatever the core distances will be within their bounds: those
// already joined by a path of edges that all come before them.
void drop_needless(pair_list&, std::size_t points, const nearest_neighbours&);

}  // namespace hdbscan
