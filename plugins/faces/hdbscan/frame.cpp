#include "frame.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace hdbscan {
namespace {

constexpr std::size_t rows_a_part = 1024;

// Calls use(part, first row, last row + 1) for all parts at once. Parts are the same however many threads there are.
template <class Use> std::size_t for_each_part(std::size_t rows, const Use& use) {
  const std::size_t parts = (rows + rows_a_part - 1) / rows_a_part;
  tbb::parallel_for(std::size_t{0}, parts,
                    [&](std::size_t p) { use(p, p * rows_a_part, std::min(rows, (p + 1) * rows_a_part)); });
  return parts;
}

std::vector<double> mean_of(const points& all) {
  std::vector<std::vector<double>> sums((all.count + rows_a_part - 1) / rows_a_part);
  for_each_part(all.count, [&](std::size_t part, std::size_t begin, std::size_t end) {
    std::vector<double>& sum = sums[part];
    sum.assign(all.dims, 0);
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t k = 0; k < all.dims; ++k) sum[k] += all.row(i)[k];
  });
  std::vector<double> mean(all.dims, 0);
  for (const std::vector<double>& sum : sums)
    for (std::size_t k = 0; k < all.dims; ++k) mean[k] += sum[k] / static_cast<double>(all.count);
  return mean;
}

}  // namespace

frame find_frame(const points& all) {
  frame found{mean_of(all)};
  std::vector<double> longest((all.count + rows_a_part - 1) / rows_a_part, 0);
  for_each_part(all.count, [&](std::size_t part, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      double square = 0;
      for (std::size_t k = 0; k < all.dims; ++k) square += found.at(all.row(i), k) * found.at(all.row(i), k);
      longest[part] = std::max(longest[part], square);
    }
  });
  const double length = std::sqrt(*std::max_element(longest.begin(), longest.end()));
  int exponent = 0;
  std::frexp(length, &exponent);
  found.scale = std::ldexp(1.0, -exponent);
  found.length = length * found.scale;
  return found;
}

}  // namespace hdbscan
