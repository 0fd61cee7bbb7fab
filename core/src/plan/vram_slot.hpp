// The bytes of one batch on a device, and the batch that fits a pool. Sums stop at the largest number there is.
#pragma once
#include <algorithm>
#include <limits>

#include "vram_plan.hpp"

namespace flowrun::core {

inline constexpr std::uint64_t most_bytes = std::numeric_limits<std::uint64_t>::max();

// Kept of what is free at the start: it may be less in a moment.
inline constexpr std::uint64_t free_margin = std::uint64_t{256} << 20;

inline std::uint64_t add_bytes(std::uint64_t a, std::uint64_t b) {
  return a > most_bytes - b ? most_bytes : a + b;
}

inline std::uint64_t times_bytes(std::uint64_t rows, std::uint64_t each) {
  return each > 0 && rows > most_bytes / each ? most_bytes : rows * each;
}

inline std::uint64_t slot_bytes(const vram_wish& w, std::size_t rows) {
  return add_bytes(w.fixed, times_bytes(rows, w.per_row));
}

// What is tried: the wished batch, three quarters of it, half of it.
inline std::size_t wished_batch(const vram_wish& w) {
  return std::max<std::size_t>(w.batch, 1);
}
inline std::size_t least_batch(const vram_wish& w) {
  return std::max<std::size_t>(w.batch / 2, 1);
}

// The first of them that fits; 0: none does.
inline std::size_t fitting_batch(const vram_wish& w, std::uint64_t pool) {
  for (std::size_t rows : {wished_batch(w), std::max<std::size_t>(w.batch * 3 / 4, 1), least_batch(w)})
    if (slot_bytes(w, rows) <= pool) return rows;
  return 0;
}

inline std::uint64_t sum_residents(const std::vector<vram_wish>& wishes) {
  std::uint64_t sum = 0;
  for (const vram_wish& w : wishes) sum = add_bytes(sum, w.resident);
  return sum;
}

// What the weights leave of a budget.
inline std::uint64_t pool_bytes(std::uint64_t budget, std::uint64_t residents) {
  return budget > residents ? budget - residents : 0;
}

}  // namespace flowrun::core
