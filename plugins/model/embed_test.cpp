#include "embed.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "made_models.hpp"
#include "model/preprocess.hpp"
#include "normalize.hpp"

using namespace model_stages;
using namespace model_stages::test;
using flowrun::boxes;

namespace {

flowrun::model_file vectors() {
  return made_model("", {floats("scores", 2), floats("embedding", 12)});
}

struct tester : flowrun::testing::model<embed> {
  tester()
      : model(
            vectors(), [m = vectors()](std::span<const flowrun::tensor> in) { return echo(m, in); },
            &flowrun::core::put_image) {}
};

}  // namespace

TEST_CASE("a picture is a vector of length 1, or as the network gives it") {
  tester t;
  const embedding e = t(made_picture(7, 5, 3, 0, 4), nullptr).get<embedding>();
  CHECK(e.size == 12);
  REQUIRE(e.values.size() == 12);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(e.values[i] == doctest::Approx(0.3));  // 3 / sqrt(4 * (9 + 16))
    CHECK(e.values[4 + i] == 0);
    CHECK(e.values[8 + i] == doctest::Approx(0.4));
  }
  t.set("normalize", "none");
  CHECK(t(made_picture(7, 5, 3, 0, 4), nullptr).get<embedding>().values ==
        std::vector<float>{3, 3, 3, 3, 0, 0, 0, 0, 4, 4, 4, 4});
}

TEST_CASE("each region is a vector; no regions: none; a black picture stays zero") {
  tester t;
  const boxes two = {{{0, 0, 2, 2, 1}, {1, 1, 3, 3, 1}}}, none;
  CHECK(t(made_picture(4, 4, 9, 9, 9), two).get<embedding>().values.size() == 24);
  const embedding empty = t(made_picture(4, 4, 9, 9, 9), none).get<embedding>();
  CHECK(empty.values.empty());
  CHECK(empty.size == 12);
  const embedding black = t(made_picture(4, 4, 0, 0, 0), nullptr).get<embedding>();
  CHECK(black.values == std::vector<float>(12, 0.0f));
}

TEST_CASE("pictures of 1 x 1 and of 20000 x 50") {
  tester t;
  CHECK(t(made_picture(1, 1, 3, 0, 4), nullptr).get<embedding>().values[0] == doctest::Approx(0.3));
  CHECK(t(made_picture(20000, 50, 3, 0, 4), nullptr).get<embedding>().values[11] == doctest::Approx(0.4));
}

TEST_CASE("the output may be named, and there must be such a one") {
  tester t;
  t.set("output", "scores");
  CHECK(t(made_picture(2, 2, 5, 1, 1), nullptr).get<embedding>().size == 2);
  tester wrong;
  CHECK_THROWS_AS(wrong.set("output", "nowhere").open(), flowrun::input_error);
}

TEST_CASE("vectors that have no length are refused") {
  std::vector<float> v = {1, NAN};
  CHECK_THROWS_WITH(normalize(v), "the network gave a vector with values that are no finite numbers");
  v = {3, -4};
  normalize(v);
  CHECK(v[0] == doctest::Approx(0.6));
  CHECK(v[1] == doctest::Approx(-0.8));
}
