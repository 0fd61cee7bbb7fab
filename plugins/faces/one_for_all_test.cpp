// One identity that has taken nearly everybody is told of.
#include "one_for_all.hpp"

#include <doctest/doctest.h>

namespace {

std::vector<faces::membership> people(int most, int others, int nobodies) {
  std::vector<faces::membership> all;
  for (int i = 0; i < most; ++i) all.push_back({4});
  for (int i = 0; i < others; ++i) all.push_back({i});
  for (int i = 0; i < nobodies; ++i) all.push_back({});
  return all;
}

}  // namespace

TEST_CASE("99 of 100 faces that are somebody's are too many for one, 98 are not") {
  CHECK(faces::find_one_for_all(people(99, 1, 500)) ==
        "identity 4 has 99 of the 100 faces that are somebody's. If these are several people, try method=leaf, a "
        "smaller min_cluster_size, a higher min_quality, or norm=unit");
  CHECK(faces::find_one_for_all(people(98, 2, 0)).empty());
}

TEST_CASE("of fewer than 100 faces nothing is said") {
  CHECK(faces::find_one_for_all(people(99, 0, 5)).empty());
  CHECK(faces::find_one_for_all(people(100, 0, 0)).size() > 0);
  CHECK(faces::find_one_for_all({}).empty());
}
