// Refuses points no distance can be told of.
#pragma once
#include "points.hpp"

namespace hdbscan {

// Throws std::invalid_argument with the first row and column that is not a finite number.
void check_points(const points&);

}  // namespace hdbscan
