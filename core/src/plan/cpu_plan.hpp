// How many calls of a CPU stage may run at once.
#pragma once
#include <algorithm>

namespace flowrun::core {

// More than 8 calls of one stage cost more in memory and locks than they bring (the workload's own rule).
inline constexpr int most_parallel_calls = 8;

inline int cpu_plan(int threads) {
  return std::clamp(threads, 1, most_parallel_calls);
}

}  // namespace flowrun::core
