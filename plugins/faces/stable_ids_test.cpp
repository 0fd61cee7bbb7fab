// Which cluster is which identity.
#include "stable_ids.hpp"

#include <doctest/doctest.h>

using faces::choose_ids;
using numbers = std::vector<std::int32_t>;

TEST_CASE("in a new run the largest cluster is 0, of equal ones that with the first face") {
  std::int32_t next = 0;
  CHECK(choose_ids({0, 0, 1, 1, 1, 2, 2, -1}, numbers(8, -1), next) == numbers{1, 0, 2});
  CHECK(next == 3);
  next = 0;
  CHECK(choose_ids({2, 1, 1, 2, -1}, numbers(5, -1), next) == numbers{-1, 1, 0});  // a label without faces has none
  CHECK(next == 2);
  CHECK(choose_ids({}, {}, next).empty());
  CHECK(choose_ids({-1, -1}, {3, -1}, next).empty());
  CHECK(next == 2);
}

TEST_CASE("clusters keep the identity they share most faces with") {
  std::int32_t next = 9;
  CHECK(choose_ids({0, 0, 0, 1, 1, 1}, {4, 4, -1, 8, 8, 4}, next) == numbers{4, 8});
  CHECK(next == 9);
}

TEST_CASE("of a person that splits the larger part keeps the identity, and the other's is new") {
  std::int32_t next = 3;
  CHECK(choose_ids({0, 0, 1, 1, 1}, {2, 2, 2, 2, 2}, next) == numbers{3, 2});
  CHECK(next == 4);
  // Of equal parts that with the first face.
  CHECK(choose_ids({1, 1, 0, 0}, {2, 2, 2, 2}, next) == numbers{4, 2});
}

TEST_CASE("two people that become one have the identity of the larger, the smaller of two equals") {
  std::int32_t next = 6;
  CHECK(choose_ids({0, 0, 0, 0, 0}, {5, 5, 1, 5, 1}, next) == numbers{5});
  CHECK(choose_ids({0, 0, 0, 0}, {5, 5, 1, 1}, next) == numbers{1});
  CHECK(next == 6);
}

TEST_CASE("an identity is given once: the next best pair is matched among those left") {
  std::int32_t next = 3;
  // Cluster 0 shares 3 faces with identity 0 and 1 with identity 1; cluster 1 shares 2 with identity 0, 1 with 1.
  CHECK(choose_ids({0, 0, 0, 0, 1, 1, 1}, {0, 0, 0, 1, 0, 0, 1}, next) == numbers{0, 1});
  CHECK(next == 3);
}
