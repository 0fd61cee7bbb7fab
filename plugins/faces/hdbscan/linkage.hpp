// The single linkage tree: which clusters merge at which distance.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tree_edge.hpp"

namespace hdbscan {

// Node 0 to points - 1 is a point, node points + m what merge m made; the last merge is the root.
struct merge {
  std::uint32_t left, right;
  double distance;
  std::size_t size;
};

// `edges` span points 0 to edges.size(), lightest first.
std::vector<merge> link(const std::vector<tree_edge>& edges);

}  // namespace hdbscan
