// Points that must not be in one cluster: the same tree, told in another way. cluster() knows nothing of it.
#pragma once
#include "labels.hpp"

namespace hdbscan {

// Labels in which no two points of one group have the same. A selected cluster gives way to the two it splits into
// where both of these hold a point of one group, and these to theirs; of points of one group that are still in one
// cluster only the most probable stays (of equal ones the first), and a cluster that is left with fewer than
// min_cluster_size points is none. `selected`: of every cluster; `groups`: of every point.
labelling label_apart(const condensed_tree&, std::vector<bool> selected, const std::vector<std::uint32_t>& groups,
                      std::size_t min_cluster_size);

}  // namespace hdbscan
