// Bounds of all core distances from a sample of the points, so that the first pass can rule out pairs from its start.
#pragma once
#include "nearest_neighbours.hpp"
#include "packed_points.hpp"
#include "search_effort.hpp"

namespace hdbscan {

void find_first_bounds(const points&, const frame&, const kernel&, const packed_points& packed, const search_effort&,
                       nearest_neighbours&);

}  // namespace hdbscan
