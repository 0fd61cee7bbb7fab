// The turn, scale and shift that lays points best over others.
#pragma once
#include <span>

namespace faces {

struct position {
  double x = 0, y = 0;
};

// Takes a point p to (a p.x - b p.y + x, b p.x + a p.y + y): turned, scaled and shifted, never mirrored.
struct similarity {
  double a = 1, b = 0, x = 0, y = 0;

  position apply(position p) const { return {a * p.x - b * p.y + x, b * p.x + a * p.y + y}; }
  double scale() const;
  similarity inverse() const;  // the scale is not 0
};

// The one with the least squares of distances between `to` and what becomes of `from`; as many points in both. Its
// scale is 0 where no turn brings them closer than all in one point: `from` are one point, or mirrored.
similarity fit_similarity(std::span<const position> from, std::span<const position> to);

}  // namespace faces
