#include "suppress_overlaps.hpp"

#include <algorithm>

namespace faces {

double overlap(const face& a, const face& b) {
  auto shared_side = [](double a0, double a_length, double b0, double b_length) {
    return std::min(a0 + a_length, b0 + b_length) - std::max(a0, b0);
  };
  const double w = shared_side(a.x, a.w, b.x, b.w), h = shared_side(a.y, a.h, b.y, b.h);
  if (!(w > 0 && h > 0)) return 0;
  const double shared = w * h, each = static_cast<double>(a.w) * a.h + static_cast<double>(b.w) * b.h;
  return shared / (each - shared);
}

void suppress_overlaps(std::vector<face>& list, double most, std::size_t count) {
  std::stable_sort(list.begin(), list.end(), [](const face& a, const face& b) { return a.score > b.score; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < list.size() && kept < count; ++i) {
    const face candidate = list[i];
    const auto end = list.begin() + static_cast<std::ptrdiff_t>(kept);
    if (std::none_of(list.begin(), end, [&](const face& f) { return overlap(f, candidate) > most; }))
      list[kept++] = candidate;
  }
  list.resize(kept);
}

}  // namespace faces
