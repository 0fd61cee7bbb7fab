// Rows for cosine.
#include "unit_rows.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>
#include <vector>

TEST_CASE("rows are made one long, of any length before") {
  std::vector<float> rows{3, 4, -1e30F, 0, 1e-30F, 1e-30F};
  hdbscan::make_unit_rows(rows.data(), 3, 2);
  CHECK(rows == std::vector<float>{0.6F, 0.8F, -1, 0, 0.70710678F, 0.70710678F});
}

TEST_CASE("rows without a direction are refused") {
  std::vector<float> rows{1, 0, 0, 0};
  CHECK_THROWS_WITH_AS(
      hdbscan::make_unit_rows(rows.data(), 2, 2),
      "hdbscan: row 1 is all zeros and has no direction; right: leave it out, or do not ask for cosine",
      std::invalid_argument);
  rows[0] = std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH_AS(hdbscan::make_unit_rows(rows.data(), 2, 2),
                       "hdbscan: row 0 holds nan or inf and has no direction; right: finite numbers",
                       std::invalid_argument);
}
