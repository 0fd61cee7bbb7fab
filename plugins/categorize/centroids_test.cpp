#include "centroids.hpp"

#include <doctest/doctest.h>

#include <cmath>

using categorize::centroids;

namespace {

centroids two() {
  centroids c;
  c.begin("across");
  c.add({10, 0, 0});  // lengths do not count
  c.add({0, 0.5f, 0});
  c.end();
  c.begin("up");
  c.add({0, 0, 3});
  c.end();
  return c;
}

}  // namespace

TEST_CASE("a category is the mean direction of its examples, and the nearest one is by cosine") {
  const centroids c = two();
  CHECK(c.size() == 2);
  const auto up = c.find_nearest(std::vector<float>{0, 0.6f, 0.8f});
  CHECK(c.name(up.index) == "up");
  CHECK(up.similarity == doctest::Approx(0.8));
  const auto across = c.find_nearest(std::vector<float>{0.8f, 0.6f, 0});
  CHECK(c.name(across.index) == "across");
  CHECK(across.similarity == doctest::Approx(1.4 / std::sqrt(2.0)));
  const auto against = c.find_nearest(std::vector<float>{0, 0, -1});
  CHECK(c.name(against.index) == "across");
  CHECK(against.similarity == 0);
}

TEST_CASE("of equally near ones the first; zeros are near to none") {
  centroids c = two();
  c.begin("up again");
  c.add({0, 0, 1});
  c.end();
  CHECK(c.find_nearest(std::vector<float>{0, 0, 1}).index == 1);
  CHECK(c.find_nearest(std::vector<float>{0, 0, 0}).similarity == 0);
  centroids dark;
  dark.begin("black");
  dark.add({0, 0, 0});
  dark.end();
  CHECK(dark.find_nearest(std::vector<float>{0, 0, 1}).similarity == 0);
}

TEST_CASE("an embedding without a length is refused") {
  centroids c;
  c.begin("broken");
  CHECK_THROWS_WITH(c.add({NAN, 1}), "the network gave a vector with values that are no finite numbers");
}
