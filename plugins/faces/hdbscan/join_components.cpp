#include "join_components.hpp"

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <numeric>

#include "outer_tree.hpp"
#include "survivors.hpp"

namespace hdbscan {
namespace {

edge measure(const points& all, const kernel& with, const nearest_neighbours& neighbours, point_id a, point_id b) {
  const double square = with.squared_distance(all.row(a), all.row(b), all.dims);
  return {std::max({square, neighbours.bound(a), neighbours.bound(b)}), square, std::min(a, b), std::max(a, b)};
}

// Edges that connect all components: from the densest point of each of the largest to the densest of all others.
std::vector<edge> connect_hubs(const points& all, const kernel& with, const forest& inner,
                               const nearest_neighbours& neighbours, std::size_t most_edges) {
  const std::size_t count = inner.components;
  std::vector<point_id> densest(count, ~point_id{0}), hubs(count);
  std::vector<std::size_t> sizes(count, 0);
  for (point_id i = 0; i < all.count; ++i) {
    point_id& best = densest[inner.component[i]];
    if (++sizes[inner.component[i]] == 1 || neighbours.bound(i) < neighbours.bound(best)) best = i;
  }
  std::iota(hubs.begin(), hubs.end(), 0U);
  hubs.resize(std::clamp<std::size_t>(most_edges / count, 1, std::min<std::size_t>(count, 256)));
  std::vector<point_id> by_size(count);
  std::iota(by_size.begin(), by_size.end(), 0U);
  std::partial_sort_copy(by_size.begin(), by_size.end(), hubs.begin(), hubs.end(),
                         [&](point_id a, point_id b) { return sizes[a] != sizes[b] ? sizes[a] > sizes[b] : a < b; });
  std::vector<edge> edges(hubs.size() * count);
  tbb::parallel_for(std::size_t{0}, edges.size(), [&](std::size_t e) {
    const point_id a = densest[hubs[e / count]], b = densest[e % count];
    edges[e] = measure(all, with, neighbours, a, b);  // of a hub to itself: no edge, as both ends are joined already
  });
  return edges;
}

// Points that may have an edge of the tree to another component, component by component.
std::vector<point_id> active_points(const forest& inner, const nearest_neighbours& neighbours, double largest_bound) {
  std::vector<point_id> active;
  for (point_id i = 0; i < inner.component.size(); ++i)
    if (neighbours.bound(i) <= largest_bound) active.push_back(i);
  std::stable_sort(active.begin(), active.end(),
                   [&](point_id a, point_id b) { return inner.component[a] < inner.component[b]; });
  return active;
}

}  // namespace

std::vector<edge> join_components(const points& all, const frame& view, const kernel& with, const forest& inner,
                                  const nearest_neighbours& neighbours, const search_effort& effort,
                                  search_figures& figures) {
  std::vector<edge> first = connect_hubs(all, with, inner, neighbours, effort.hub_edges);
  first.insert(first.end(), inner.perhaps.begin(), inner.perhaps.end());
  outer_tree tree(inner, std::move(first));
  const std::vector<point_id> active = active_points(inner, neighbours, tree.largest_bound());
  const packed_points packed(all, view, with.packed_as, active);
  point_limits limits(packed.panels());
  const auto component = [&](std::size_t place) { return inner.component[active[place]]; };
  const auto set_limits = [&] {
    for (std::size_t i = 0; i < active.size(); ++i) limits.raise(i, packed.limit(tree.bound(component(i))));
  };
  set_limits();
  // Places are sorted by component.
  const auto within_one = [&](std::size_t p, std::size_t q) {
    return component(p * panel_width) == component(std::min(active.size(), (q + 1) * panel_width) - 1);
  };
  const std::size_t most = std::max<std::size_t>(1 << 13, 4 * inner.components);
  struct thread_share {
    std::vector<edge> edges;
    std::size_t distances = 0;
  };
  tbb::enumerable_thread_specific<thread_share> shares;
  for_each_survivor(with, packed, limits, within_one, [&](const std::vector<place_pair>& survivors) {
    thread_share& own = shares.local();
    for (const auto& [i, j] : survivors) {
      if (component(i) == component(j)) continue;
      const double bound = std::max(tree.bound(component(i)), tree.bound(component(j)));
      if (std::max(neighbours.bound(active[i]), neighbours.bound(active[j])) > bound) continue;
      ++own.distances;
      const edge e = measure(all, with, neighbours, active[i], active[j]);
      if (e.weight <= bound) own.edges.push_back(e);
    }
    if (own.edges.size() > most) tree.take(own.edges, set_limits);
  });
  for (thread_share& share : shares) {
    tree.take(share.edges, [] {});
    figures.distances += share.distances;
  }
  return tree.edges();
}

}  // namespace hdbscan
