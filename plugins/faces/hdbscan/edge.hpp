// An edge between two points, and the one order edges are taken in.
#pragma once
#include "points.hpp"

namespace hdbscan {

// Squares, because they are exact where roots would make unequal lengths equal.
struct edge {
  double weight;  // the largest of the squared distance and both squared core distances
  double square;  // the squared distance
  point_id a, b;  // a < b

  // Many edges weigh just as much as a core distance: the shorter one first, so that the tree, and with it the labels,
  // does not depend on the order of the points, unless there are equal distances.
  bool operator<(const edge& o) const {
    if (weight != o.weight) return weight < o.weight;
    if (square != o.square) return square < o.square;
    return a != o.a ? a < o.a : b < o.b;
  }
};

// An edge whose weight is not known yet.
struct point_pair {
  double square;
  point_id a, b;  // a < b
};

}  // namespace hdbscan
