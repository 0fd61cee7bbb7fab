// Points made for tests, the same every time.
#pragma once
#include <vector>

#include "points.hpp"

struct made_points {
  std::vector<float> rows;
  std::size_t dims = 0;

  std::size_t count() const { return rows.size() / dims; }
  hdbscan::points view() const { return {rows.data(), count(), dims}; }
  made_points permuted(const std::vector<std::uint32_t>& order) const;  // row i is row order[i]
};

// Clusters of 40 with some noise between, on the unit sphere times `length`.
made_points make_blobs(std::size_t count, std::size_t dims, float length = 1);
// Whole numbers from -2 to 2: many distances are equal.
made_points make_grid(std::size_t count, std::size_t dims);
made_points make_identical(std::size_t count, std::size_t dims);

// 0 to count - 1, mixed.
std::vector<std::uint32_t> mixed_order(std::size_t count);
