#include "suppress_overlaps.hpp"

#include <doctest/doctest.h>

using faces::face;
using faces::suppress_overlaps;

namespace {

face at(float x, float y, float w, float h, float score) {
  return {x, y, w, h, score, {}};
}

std::vector<float> kept(std::vector<face> list, double most, std::size_t count = 100) {
  suppress_overlaps(list, most, count);
  std::vector<float> scores;
  for (const face& f : list) scores.push_back(f.score);
  return scores;
}

}  // namespace

TEST_CASE("the share of the joined area") {
  CHECK(faces::overlap(at(0, 0, 2, 2, 1), at(0, 0, 2, 2, 1)) == 1);
  CHECK(faces::overlap(at(0, 0, 2, 2, 1), at(1, 0, 2, 2, 1)) == doctest::Approx(1 / 3.0));
  CHECK(faces::overlap(at(0, 0, 2, 2, 1), at(2, 0, 2, 2, 1)) == 0);
  CHECK(faces::overlap(at(0, 0, 4, 4, 1), at(1, 1, 2, 2, 1)) == 0.25);
  CHECK(faces::overlap(at(0, 0, 0, 0, 1), at(0, 0, 0, 0, 1)) == 0);  // and not 0 / 0
}

TEST_CASE("the likeliest stays, the best first; what overlaps no more than allowed stays too") {
  const std::vector<face> list = {at(1, 0, 2, 2, 0.6F), at(50, 50, 9, 9, 0.7F), at(0, 0, 2, 2, 0.9F)};
  CHECK(kept(list, 0.3) == std::vector<float>{0.9F, 0.7F});
  CHECK(kept(list, 0.34) == std::vector<float>{0.9F, 0.7F, 0.6F});
  CHECK(kept(list, 0.34, 2) == std::vector<float>{0.9F, 0.7F});
  CHECK(kept({}, 0.3).empty());
}

TEST_CASE("what a suppressed face overlaps is not suppressed by it") {
  CHECK(kept({at(0, 0, 4, 1, 0.9F), at(2, 0, 4, 1, 0.8F), at(4, 0, 4, 1, 0.7F)}, 0.3) ==
        std::vector<float>{0.9F, 0.7F});
}

TEST_CASE("of equal scores the first is kept") {
  std::vector<face> list = {at(1, 0, 2, 2, 0.5F), at(1, 0.1F, 2, 2, 0.5F)};
  suppress_overlaps(list, 0.3, 10);
  REQUIRE(list.size() == 1);
  CHECK(list[0].y == 0);
}
