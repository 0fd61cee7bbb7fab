// Union-find.
#pragma once
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace hdbscan {

class disjoint_sets {
 public:
  explicit disjoint_sets(std::size_t count) : parents_(count) { std::iota(parents_.begin(), parents_.end(), 0U); }
  std::uint32_t find(std::uint32_t x) {
    for (; parents_[x] != x; x = parents_[x]) parents_[x] = parents_[parents_[x]];
    return x;
  }
  // Both are found; `into` stays.
  void join(std::uint32_t gone, std::uint32_t into) { parents_[gone] = into; }

 private:
  std::vector<std::uint32_t> parents_;
};

}  // namespace hdbscan
