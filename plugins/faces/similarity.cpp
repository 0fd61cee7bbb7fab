#include "similarity.hpp"

#include <cmath>

namespace faces {

namespace {

position mean_of(std::span<const position> points) {
  position sum;
  for (const position& p : points) {
    sum.x += p.x;
    sum.y += p.y;
  }
  const auto n = static_cast<double>(points.size());
  return {sum.x / n, sum.y / n};
}

}  // namespace

double similarity::scale() const {
  return std::hypot(a, b);
}

similarity similarity::inverse() const {
  const double squared = a * a + b * b;
  const similarity turned{a / squared, -b / squared, 0, 0};
  const position shift = turned.apply({x, y});
  return {turned.a, turned.b, -shift.x, -shift.y};
}

// In the plane Umeyama's solution (IEEE PAMI 13, 1991) has a closed form: with both sides about their means, turn and
// scale are the complex number a + ib = sum(conj(p) q) / sum(|p|^2).
similarity fit_similarity(std::span<const position> from, std::span<const position> to) {
  const position centre = mean_of(from), target = mean_of(to);
  double along = 0, across = 0, squares = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const position p{from[i].x - centre.x, from[i].y - centre.y}, q{to[i].x - target.x, to[i].y - target.y};
    along += p.x * q.x + p.y * q.y;
    across += p.x * q.y - p.y * q.x;
    squares += p.x * p.x + p.y * p.y;
  }
  similarity s{0, 0, 0, 0};
  if (squares > 0) s = {along / squares, across / squares, 0, 0};
  const position moved = s.apply(centre);
  s.x = target.x - moved.x;
  s.y = target.y - moved.y;
  return s;
}

}  // namespace faces
