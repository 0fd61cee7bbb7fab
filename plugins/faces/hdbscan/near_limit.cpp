#include "near_limit.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace hdbscan {
namespace {

// Scrambles a number (splitmix64): the pairs are scattered, and the same every time.
std::uint64_t scramble(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

double find_near_limit(const points& all, const kernel& with, const search_effort& effort) {
  const double share = 2 * effort.near_pairs_a_point / (static_cast<double>(all.count) - 1);
  if (share >= 1) return std::numeric_limits<double>::infinity();
  std::vector<double> squares(effort.sampled_pairs);
  tbb::parallel_for(std::size_t{0}, squares.size(), [&](std::size_t s) {
    const std::size_t i = scramble(2 * s) % all.count, other = scramble(2 * s + 1) % (all.count - 1);
    squares[s] = with.squared_distance(all.row(i), all.row(other < i ? other : other + 1), all.dims);
  });
  const auto nth = squares.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(squares.size()));
  std::nth_element(squares.begin(), nth, squares.end());
  return *nth;
}

}  // namespace hdbscan
