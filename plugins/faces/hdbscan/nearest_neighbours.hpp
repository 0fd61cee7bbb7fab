// The k nearest other points of every point, found by many threads.
#pragma once
#include <atomic>
#include <limits>
#include <thread>
#include <vector>

#include "points.hpp"

namespace hdbscan {

struct neighbour {
  double square;  // of the distance
  point_id id;

  // Which of equally near ones are kept does not depend on when they came.
  bool operator<(const neighbour& o) const { return square < o.square || (square == o.square && id < o.id); }
};

class nearest_neighbours {
 public:
  nearest_neighbours(std::size_t points, std::size_t k);

  std::size_t k() const { return k_; }
  // At least the squared core distance, which it is when all pairs within it were offered.
  double bound(point_id i) const { return bounds_[i].load(std::memory_order_relaxed); }
  // Before any offer: there are k other points within this squared distance.
  void start_from(point_id i, double bound) { bounds_[i].store(bound, std::memory_order_relaxed); }
  // Calls lowered(bound) where the bound fell, one thread at a time for a point.
  template <class Lowered> void offer(point_id i, const neighbour& n, const Lowered& lowered) {
    if (n.square > bound(i)) return;
    while (locks_[i].test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    if (insert(i, n)) lowered(bound(i));
    locks_[i].clear(std::memory_order_release);
  }
  // A heap: the first is the farthest. Only when all was offered.
  const neighbour* of(point_id i) const { return all_.data() + i * k_; }

 private:
  bool insert(point_id i, const neighbour&);

  std::size_t k_;
  std::vector<neighbour> all_;
  std::vector<std::atomic<double>> bounds_;
  std::vector<std::atomic_flag> locks_;  // held for a few steps within a heap
};

}  // namespace hdbscan
