// Kruskal's algorithm over the edges that are known, as far as they suffice.
#pragma once
#include "near_pairs.hpp"

namespace hdbscan {

struct forest {
  std::vector<edge> edges;          // surely of the minimum spanning tree
  std::vector<point_id> component;  // of every point: 0 to components - 1
  std::size_t components = 0;
  std::vector<edge> perhaps;  // between components, without a cycle
};

// Known are the nearest neighbours of all points and all pairs within the squared distance `near`, but for some that
// are in no minimum spanning tree. Empties the lists.
forest grow_certified_forest(std::vector<pair_list>& near_pairs, double near, const nearest_neighbours&,
                             std::size_t points);

}  // namespace hdbscan
