// The first pass: the nearest neighbours of all points, and all pairs that are near.
#pragma once
#include <deque>
#include <vector>

#include "edge.hpp"
#include "nearest_neighbours.hpp"
#include "packed_points.hpp"
#include "search_effort.hpp"

namespace hdbscan {

// Grows without moving what it holds, and can be emptied bit by bit.
using pair_list = std::deque<point_pair>;

// Offers every pair that matters to `neighbours`, and returns the pairs within the squared distance `near`, less those
// that are surely in no minimum spanning tree; one list a thread.
std::vector<pair_list> find_near_pairs(const points&, const kernel&, const packed_points&, double near,
                                       const search_effort&, nearest_neighbours&, search_figures&);

}  // namespace hdbscan
