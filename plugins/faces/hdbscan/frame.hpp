// Where the points are looked at from: moved by their mean and scaled by a power of two, so that they fill the range
// in which estimates of dot products are good. Neither changes which pairs are near.
#pragma once
#include <vector>

#include "points.hpp"

namespace hdbscan {

struct frame {
  std::vector<double> mean;
  double scale = 1;   // a power of two: afterwards the longest point is 1/2 to 1 long
  double length = 0;  // at least that of every point, scaled

  // Coordinate k of a point, moved and scaled.
  double at(const float* row, std::size_t k) const { return (row[k] - mean[k]) * scale; }
};

frame find_frame(const points&);

}  // namespace hdbscan
