// The single linkage tree without the splits that only shed fewer than min_cluster_size points.
#pragma once
#include "linkage.hpp"

namespace hdbscan {

// A child leaves its parent at `lambda`, 1 / distance; infinite for 0.
struct tree_row {
  std::uint32_t
      parent;  // cluster points + 0 (the root) and up; every parent is less than its children that are clusters
  std::uint32_t child;  // a point, or a cluster
  double lambda;
  std::size_t size;
};

struct condensed_tree {
  std::size_t points = 0, clusters = 0;  // the root is a cluster
  std::vector<tree_row> rows;            // from the root down: a cluster's own row stands before those under it

  bool is_point(const tree_row& row) const { return row.child < points; }
  std::size_t parent(const tree_row& row) const { return row.parent - points; }  // 0 to clusters - 1
  std::size_t child(const tree_row& row) const { return row.child - points; }    // of a cluster's row
};

condensed_tree condense(const std::vector<merge>& merges, std::size_t min_cluster_size);
// Of every cluster, the one it is split from; of the root, the root.
std::vector<std::size_t> find_parents(const condensed_tree&);

}  // namespace hdbscan
