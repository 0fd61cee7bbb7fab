#include "certified_forest.hpp"

#include <oneapi/tbb/parallel_sort.h>

#include <algorithm>

#include "disjoint_sets.hpp"

namespace hdbscan {
namespace {

std::vector<edge> known_edges(std::vector<pair_list>& lists, double near, const nearest_neighbours& neighbours,
                              std::size_t points) {
  std::vector<edge> edges;
  const auto add = [&](double square, point_id a, point_id b) {
    edges.push_back(
        {std::max({square, neighbours.bound(a), neighbours.bound(b)}), square, std::min(a, b), std::max(a, b)});
  };
  std::size_t most = points * neighbours.k();
  for (const pair_list& list : lists) most += list.size();
  edges.reserve(most);
  for (pair_list& list : lists)
    for (; !list.empty(); list.pop_back()) add(list.back().square, list.back().a, list.back().b);
  for (point_id i = 0; i < points; ++i)
    for (std::size_t n = 0; n < neighbours.k(); ++n)
      if (const neighbour& other = neighbours.of(i)[n]; other.square > near) add(other.square, i, other.id);
  tbb::parallel_sort(edges.begin(), edges.end());
  return edges;
}

void number_components(forest& grown, disjoint_sets& sets, std::size_t points) {
  constexpr point_id none = ~point_id{0};
  std::vector<point_id> number(points, none);
  grown.component.resize(points);
  for (point_id i = 0; i < points; ++i) {
    point_id& own = number[sets.find(i)];
    if (own == none) own = static_cast<point_id>(grown.components++);
    grown.component[i] = own;
  }
}

}  // namespace

forest grow_certified_forest(std::vector<pair_list>& near_pairs, double near, const nearest_neighbours& neighbours,
                             std::size_t points) {
  const std::vector<edge> edges = known_edges(near_pairs, near, neighbours, points);
  // Every edge at a point that weighs less than its reach is known; of a set, at the smallest reach of its points. So
  // an edge within the reach of a set is the lightest that leaves it, and one of the tree.
  std::vector<double> reach(points);
  for (point_id i = 0; i < points; ++i) reach[i] = std::max(neighbours.bound(i), near);
  forest grown;
  std::vector<edge> open;
  disjoint_sets sets(points);
  for (const edge& e : edges) {
    const auto a = sets.find(e.a), b = sets.find(e.b);
    if (a == b) continue;
    if (e.weight > reach[a] && e.weight > reach[b]) {
      open.push_back(e);
      continue;
    }
    sets.join(a, b);
    reach[b] = std::min(reach[a], reach[b]);
    grown.edges.push_back(e);
  }
  number_components(grown, sets, points);
  disjoint_sets outer(grown.components);
  for (const edge& e : open) {
    const auto a = outer.find(grown.component[e.a]), b = outer.find(grown.component[e.b]);
    if (a == b) continue;
    outer.join(a, b);
    grown.perhaps.push_back(e);
  }
  return grown;
}

}  // namespace hdbscan
