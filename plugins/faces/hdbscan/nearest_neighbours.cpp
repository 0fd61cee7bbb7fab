#include "nearest_neighbours.hpp"

#include <algorithm>

namespace hdbscan {

nearest_neighbours::nearest_neighbours(std::size_t points, std::size_t k)
    : k_(k),
      all_(points * k, neighbour{std::numeric_limits<double>::infinity(), std::numeric_limits<point_id>::max()}),
      bounds_(points),
      locks_(points) {
  for (std::atomic<double>& bound : bounds_) bound.store(std::numeric_limits<double>::infinity());
}

bool nearest_neighbours::insert(point_id i, const neighbour& n) {
  neighbour* const begin = all_.data() + i * k_;
  neighbour* const end = begin + k_;
  if (!(n < *begin)) return false;
  std::pop_heap(begin, end);
  *(end - 1) = n;
  std::push_heap(begin, end);
  if (!(begin->square < bound(i))) return false;
  bounds_[i].store(begin->square, std::memory_order_relaxed);
  return true;
}

}  // namespace hdbscan
