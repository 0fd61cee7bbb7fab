// Points that no distance can be told of are refused by row and column.
#include "check_points.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

TEST_CASE("points that are not finite are refused by row and column") {
  std::vector<float> rows(6, 1);
  CHECK_NOTHROW(hdbscan::check_points({rows.data(), 2, 3}));
  rows[5] = std::nanf("");
  CHECK_THROWS_WITH_AS(hdbscan::check_points({rows.data(), 2, 3}),
                       "hdbscan: row 1, column 2 is nan; right: finite numbers", std::invalid_argument);
  rows[1] = -std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH_AS(hdbscan::check_points({rows.data(), 2, 3}),
                       "hdbscan: row 0, column 1 is -inf; right: finite numbers", std::invalid_argument);
}

TEST_CASE("points without dimensions are refused, no points are fine") {
  CHECK_THROWS_WITH_AS(hdbscan::check_points({nullptr, 2, 0}),
                       "hdbscan: the points have 0 dimensions; right: 1 or more", std::invalid_argument);
  CHECK_NOTHROW(hdbscan::check_points({nullptr, 0, 0}));
}
