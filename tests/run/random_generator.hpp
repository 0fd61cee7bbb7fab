// Numbers that follow from a seed.
#pragma once
#include <cstdint>
#include <random>

namespace random_stages {

struct generator {
  std::mt19937_64 random;
  explicit generator(std::uint64_t seed) : random(seed) {}
  int below(int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); }
  template <class... T> int one_of(T... v) {
    int all[] = {v...};
    return all[below(static_cast<int>(sizeof...(T)))];
  }
};

}  // namespace random_stages
