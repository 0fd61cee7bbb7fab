// How near pairs must be to be kept in the first pass.
#pragma once
#include "kernels/kernel.hpp"
#include "points.hpp"
#include "search_effort.hpp"

namespace hdbscan {

// The squared distance within which about near_pairs_a_point pairs for every point are; infinity if that is all pairs.
// Read off exact distances of the same pairs every time, so it is the same whatever kernel runs.
double find_near_limit(const points&, const kernel&, const search_effort&);

}  // namespace hdbscan
