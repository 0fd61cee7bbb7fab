// The kernel for every machine: plain C++, which the compiler may turn into what vectors the machine surely has.
#include "kernel.hpp"

namespace hdbscan {
namespace {

constexpr int lanes = 32, part_rows = 4, part_columns = 8;

bool always() {
  return true;
}

// Small enough for its sums to stay in registers.
void estimate_part(const float* rows, const float* columns, long steps, float* dots) {
  float sums[part_rows][part_columns] = {};
  for (long s = 0; s < steps; ++s, rows += panel_width, columns += panel_width)
    for (int r = 0; r < part_rows; ++r)
      for (int c = 0; c < part_columns; ++c) sums[r][c] += rows[r] * columns[c];
  for (int r = 0; r < part_rows; ++r)
    for (int c = 0; c < part_columns; ++c) dots[r * panel_width + c] = sums[r][c];
}

void estimate_dots(const block& b, float* dots) {
  const float* const rows = static_cast<const float*>(b.rows);
  const float* const columns = static_cast<const float*>(b.columns);
  for (int r = 0; r < block_rows; r += part_rows)
    for (int c = 0; c < panel_width; c += part_columns)
      estimate_part(rows + r, columns + c, b.steps, dots + r * panel_width + c);
}

void compare(const float* dots, const block_side& rows, const block_side& columns, std::uint64_t* kept) {
  for (int r = 0; r < block_rows; ++r) {
    kept[r] = 0;
    for (int c = 0; c < panel_width; ++c) {
      const float limit = columns.limit[c] < rows.limit[r] ? columns.limit[c] : rows.limit[r];
      if (dots[r * panel_width + c] > rows.half[r] + columns.half[c] + limit) kept[r] |= std::uint64_t{1} << c;
    }
  }
}

double squared_distance(const float* a, const float* b, std::size_t dims) {
  double sums[lanes] = {};
  std::size_t k = 0;
  for (; k + lanes <= dims; k += lanes)
    for (int l = 0; l < lanes; ++l) {
      const double difference = static_cast<double>(a[k + l]) - static_cast<double>(b[k + l]);
      sums[l] += difference * difference;
    }
  for (int l = 0; k < dims; ++k, ++l) {
    const double difference = static_cast<double>(a[k]) - static_cast<double>(b[k]);
    sums[l] += difference * difference;
  }
  for (int width = lanes / 2; width > 0; width /= 2)
    for (int l = 0; l < width; ++l) sums[l] += sums[l + width];
  return sums[0];
}

}  // namespace

const kernel portable_kernel = {"portable", number::float32, always, estimate_dots, compare, squared_distance, nullptr};

}  // namespace hdbscan
