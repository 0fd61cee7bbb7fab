#include "outer_tree.hpp"

#include <algorithm>

#include "disjoint_sets.hpp"

namespace hdbscan {

outer_tree::outer_tree(const forest& inner, std::vector<edge> edges) : forest_(inner), bounds_(inner.components) {
  std::vector<std::size_t> sizes(inner.components, 0);
  for (const point_id c : inner.component) ++sizes[c];
  root_ = static_cast<point_id>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
  rebuild(edges);
}

double outer_tree::largest_bound() const {
  double largest = 0;
  for (const std::atomic<double>& bound : bounds_) largest = std::max(largest, bound.load());
  return largest;
}

void outer_tree::rebuild(std::vector<edge>& more) {
  more.insert(more.end(), edges_.begin(), edges_.end());
  std::sort(more.begin(), more.end());
  edges_.clear();
  disjoint_sets joined(forest_.components);
  for (const edge& e : more) {
    const auto a = joined.find(forest_.component[e.a]), b = joined.find(forest_.component[e.b]);
    if (a == b) continue;
    joined.join(a, b);
    edges_.push_back(e);
  }
  more.clear();
  find_bounds();
}

void outer_tree::find_bounds() {
  // The edges of component c are from[c] to from[c + 1] - 1 of `at`.
  std::vector<std::size_t> from(forest_.components + 1, 0);
  std::vector<const edge*> at(2 * edges_.size());
  for (const edge& e : edges_)
    for (const point_id p : {e.a, e.b}) ++from[forest_.component[p] + 1];
  for (std::size_t c = 0; c < forest_.components; ++c) from[c + 1] += from[c];
  std::vector<std::size_t> next(from.begin(), from.end() - 1);
  for (const edge& e : edges_)
    for (const point_id p : {e.a, e.b}) at[next[forest_.component[p]]++] = &e;

  std::vector<bool> seen(forest_.components, false);
  std::vector<std::pair<point_id, double>> open{{root_, 0.0}};
  seen[root_] = true;
  while (!open.empty()) {
    const auto [c, bound] = open.back();
    open.pop_back();
    bounds_[c].store(bound, std::memory_order_relaxed);
    for (std::size_t n = from[c]; n < from[c + 1]; ++n) {
      const point_id a = forest_.component[at[n]->a], b = forest_.component[at[n]->b], other = a == c ? b : a;
      if (seen[other]) continue;
      seen[other] = true;
      open.emplace_back(other, std::max(bound, at[n]->weight));
    }
  }
}

}  // namespace hdbscan
