// Rows of length 1, for who means the cosine of two rows: their Euclidean distance then is sqrt(2 - 2 cos).
#pragma once
#include <cstddef>

namespace hdbscan {

// Divides every row by its length, in place. Throws std::invalid_argument at a row of zeros, which has no direction,
// and at one that is not finite; rows before it are already divided.
void make_unit_rows(float* rows, std::size_t count, std::size_t dims);

}  // namespace hdbscan
