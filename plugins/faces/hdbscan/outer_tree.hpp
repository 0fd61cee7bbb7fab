// A spanning tree of the components of a forest that is improved edge by edge until it is the minimum one.
#pragma once
#include <atomic>
#include <mutex>
#include <vector>

#include "certified_forest.hpp"

namespace hdbscan {

class outer_tree {
 public:
  // `edges` connect all components.
  outer_tree(const forest&, std::vector<edge> edges);

  // No edge from this component to one with a bound no greater is in the minimum tree if it weighs more: along the tree
  // both reach the largest component by edges that weigh no more. Falls while others read it.
  double bound(point_id component) const { return bounds_[component].load(std::memory_order_relaxed); }
  double largest_bound() const;
  // Takes in edges, leaves none; whatever the order they come in, the tree is the same in the end. Calls improved()
  // before the next may take in.
  template <class Improved> void take(std::vector<edge>& edges, const Improved& improved) {
    const std::lock_guard<std::mutex> guard(mutex_);
    rebuild(edges);
    improved();
  }
  const std::vector<edge>& edges() const { return edges_; }

 private:
  void rebuild(std::vector<edge>& more);
  void find_bounds();

  const forest& forest_;
  std::vector<edge> edges_;
  std::vector<std::atomic<double>> bounds_;
  point_id root_ = 0;  // the largest component
  std::mutex mutex_;
};

}  // namespace hdbscan
