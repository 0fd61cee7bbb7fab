#include "drop_needless.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "disjoint_sets.hpp"

namespace hdbscan {

void drop_needless(pair_list& pairs, std::size_t points, const nearest_neighbours& neighbours) {
  // An edge weighs no less than its distance, and no more than with the bounds in place of the core distances.
  std::vector<edge> least, most;
  least.reserve(pairs.size());
  most.reserve(pairs.size());
  std::vector<double> bounds(points);
  for (std::size_t i = 0; i < points; ++i) bounds[i] = neighbours.bound(static_cast<point_id>(i));
  for (const point_pair& p : pairs) {
    least.push_back({p.square, p.square, p.a, p.b});
    most.push_back({std::max({p.square, bounds[p.a], bounds[p.b]}), p.square, p.a, p.b});
  }
  pairs.clear();
  std::sort(least.begin(), least.end());
  std::sort(most.begin(), most.end());
  disjoint_sets joined(points);
  auto next = most.begin();
  for (const edge& e : least) {
    for (; next != most.end() && *next < e; ++next)
      if (const auto a = joined.find(next->a), b = joined.find(next->b); a != b) joined.join(a, b);
    if (joined.find(e.a) != joined.find(e.b)) pairs.push_back({e.square, e.a, e.b});
  }
}

}  // namespace hdbscan
