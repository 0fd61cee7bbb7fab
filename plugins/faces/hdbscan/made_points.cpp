#include "made_points.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

made_points made_points::permuted(const std::vector<std::uint32_t>& order) const {
  made_points made{{}, dims};
  for (const std::uint32_t i : order) made.rows.insert(made.rows.end(), view().row(i), view().row(i) + dims);
  return made;
}

made_points make_blobs(std::size_t count, std::size_t dims, float length) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  std::vector<double> centres((count / 40 + 1) * dims);
  for (double& x : centres) x = normal(random);
  made_points made{std::vector<float>(count * dims), dims};
  std::vector<double> row(dims);
  for (std::size_t i = 0; i < count; ++i) {
    const double* const centre = centres.data() + random() % (centres.size() / dims) * dims;
    const bool lost = random() % 8 == 0;
    double square = 0;
    for (std::size_t k = 0; k < dims; ++k) {
      row[k] = lost ? normal(random) : centre[k] + 0.4 * normal(random);
      square += row[k] * row[k];
    }
    for (std::size_t k = 0; k < dims; ++k)
      made.rows[i * dims + k] = static_cast<float>(row[k] / std::sqrt(square) * length);
  }
  return made;
}

made_points make_grid(std::size_t count, std::size_t dims) {
  std::mt19937_64 random(8);
  made_points made{std::vector<float>(count * dims), dims};
  for (float& x : made.rows) x = static_cast<float>(static_cast<int>(random() % 5) - 2);
  return made;
}

made_points make_identical(std::size_t count, std::size_t dims) {
  return {std::vector<float>(count * dims, 0.7F), dims};
}

std::vector<std::uint32_t> mixed_order(std::size_t count) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  std::mt19937_64 random(9);
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}
