#include "assign_faces.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace faces {
namespace {

double measure_distance(const float* a, const float* b, std::size_t dims) {
  constexpr std::size_t lanes = 8;  // sums that do not wait for each other
  float sums[lanes] = {};
  std::size_t k = 0;
  for (; k + lanes <= dims; k += lanes)
    for (std::size_t l = 0; l < lanes; ++l) sums[l] += (a[k + l] - b[k + l]) * (a[k + l] - b[k + l]);
  double square = 0;
  for (; k < dims; ++k) square += static_cast<double>(a[k] - b[k]) * (a[k] - b[k]);
  for (const float sum : sums) square += sum;
  return std::sqrt(square);
}

struct candidate {
  double distance;
  std::int32_t identity;
  std::size_t row;
};

// Of a row, by identity: how near the nearest face is that has it.
std::vector<candidate> find_near(const face_matrix& all, const std::vector<membership>& were, std::size_t row,
                                 double within) {
  std::map<std::int32_t, double> nearest;
  const hdbscan::points points = all.points();
  for (std::size_t other = 0; other < all.size(); ++other) {
    if (were[other].identity == nobody) continue;
    const double distance = measure_distance(points.row(row), points.row(other), all.dims);
    if (!(distance < within)) continue;
    const auto [at, first] = nearest.try_emplace(were[other].identity, distance);
    if (!first) at->second = std::min(at->second, distance);
  }
  std::vector<candidate> near;
  for (const auto& [identity, distance] : nearest) near.push_back({distance, identity, row});
  return near;
}

// The rows of one item, begin to end - 1. The nearest pair of a row and an identity first.
void assign_item(std::vector<membership>& is, std::vector<candidate> near, std::size_t begin, std::size_t end,
                 double within, bool apart) {
  std::sort(near.begin(), near.end(), [](const candidate& a, const candidate& b) {
    return std::tie(a.distance, a.identity, a.row) < std::tie(b.distance, b.identity, b.row);
  });
  std::set<std::int32_t> taken;
  if (apart)
    for (std::size_t row = begin; row < end; ++row) taken.insert(is[row].identity);
  for (const candidate& c : near) {
    if (is[c.row].identity != nobody || taken.count(c.identity)) continue;
    const auto missing = static_cast<float>(c.distance / within);
    is[c.row] = {c.identity, 1 - missing, missing};
    if (apart) taken.insert(c.identity);
  }
}

}  // namespace

std::vector<membership> assign_faces(const face_matrix& all, const std::vector<membership>& were, double within,
                                     bool apart) {
  std::vector<std::vector<candidate>> near(all.size());
  tbb::parallel_for(std::size_t{0}, all.size(), [&](std::size_t row) {
    if (were[row].identity == nobody) near[row] = find_near(all, were, row, within);
  });
  std::vector<membership> is = were;
  for (membership& m : is)
    if (m.identity == nobody) m = {nobody, 0, 1};
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    std::vector<candidate> of_item;
    for (end = begin; end < all.size() && all.places[end].item == all.places[begin].item; ++end)
      of_item.insert(of_item.end(), near[end].begin(), near[end].end());
    assign_item(is, std::move(of_item), begin, end, within, apart);
  }
  return is;
}

}  // namespace faces
