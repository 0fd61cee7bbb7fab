// An edge of the minimum spanning tree, as it is given away.
#pragma once
#include "points.hpp"

namespace hdbscan {

struct tree_edge {
  point_id a, b;    // a < b
  double distance;  // the mutual reachability distance of the two
};

}  // namespace hdbscan
