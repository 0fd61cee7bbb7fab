// The limits of all points (see packed_points), read by all threads while others raise them. A stale one is lower and
// only lets more pairs through.
#pragma once
#include <atomic>
#include <limits>
#include <vector>

#include "kernels/kernel.hpp"

namespace hdbscan {

class point_limits {
 public:
  explicit point_limits(std::size_t panels) : limits_(panels * panel_width) {
    for (std::atomic<float>& limit : limits_) limit.store(-std::numeric_limits<float>::infinity());
  }
  // One thread at a time for a point.
  void raise(std::size_t i, float limit) {
    if (limit > limits_[i].load(std::memory_order_relaxed)) limits_[i].store(limit, std::memory_order_relaxed);
  }
  void read_panel(std::size_t panel, float* limits) const {
    for (int c = 0; c < panel_width; ++c) limits[c] = limits_[panel * panel_width + c].load(std::memory_order_relaxed);
  }

 private:
  std::vector<std::atomic<float>> limits_;
};

}  // namespace hdbscan
