#include "draw.hpp"

#include <doctest/doctest.h>

#include <array>
#include <flowrun/testing.hpp>
#include <limits>

namespace {

flowrun::tensor one_vector(float x, float y) {
  flowrun::tensor t = flowrun::make_tensor(flowrun::dtype::float32, {1, 1, 2});
  t.values<float>()[0] = x;
  t.values<float>()[1] = y;
  return t;
}

using colour = std::array<int, 3>;  // red, green, blue
colour drawn(float x, float y) {
  motion::draw stage;
  stage.full_scale = 10;
  const flowrun::image i = stage.run(one_vector(x, y));
  return {i.row(0)[2], i.row(0)[1], i.row(0)[0]};
}

}  // namespace

TEST_CASE("directions have the wheel's hues") {
  CHECK(drawn(10, 0) == colour{255, 0, 0});
  CHECK(drawn(0, -10) == colour{128, 255, 0});
  CHECK(drawn(-10, 0) == colour{0, 255, 255});
  CHECK(drawn(0, 10) == colour{128, 0, 255});
}

TEST_CASE("brightness is the length, full from full_scale on; still and endless are black") {
  CHECK(drawn(5, 0) == colour{128, 0, 0});
  CHECK(drawn(1000, 0) == colour{255, 0, 0});
  CHECK(drawn(0, 0) == colour{0, 0, 0});
  CHECK(drawn(std::numeric_limits<float>::quiet_NaN(), 0) == colour{0, 0, 0});
  CHECK(drawn(std::numeric_limits<float>::infinity(), 1) == colour{0, 0, 0});
}

TEST_CASE("the picture has the flow's size") {
  flowrun::tensor t = flowrun::make_tensor(flowrun::dtype::float32, {3, 5, 2});
  for (float& v : t.values<float>()) v = 0;
  t.values<float>()[2 * (2 * 5 + 4)] = 16;
  const flowrun::image picture = motion::draw().run(t);
  CHECK(picture.width == 5);
  CHECK(picture.height == 3);
  CHECK(picture.channels == 3);
  CHECK(picture.row(2)[3 * 4 + 2] == 255);
  CHECK(picture.row(0)[2] == 0);
}

TEST_CASE("a tensor that is no flow is refused") {
  const motion::draw stage;
  CHECK_THROWS_WITH_AS(stage.run(flowrun::make_tensor(flowrun::dtype::float32, {3, 5})),
                       "the tensor is float32 [3, 5]; right: float32 [height, width, 2]", std::invalid_argument);
  CHECK_THROWS_WITH_AS(stage.run(flowrun::make_tensor(flowrun::dtype::uint8, {3, 5, 2})),
                       "the tensor is uint8 [3, 5, 2]; right: float32 [height, width, 2]", std::invalid_argument);
  CHECK_THROWS_WITH_AS(stage.run({}), "the tensor is float32 []; right: float32 [height, width, 2]",
                       std::invalid_argument);
}

TEST_CASE("drawing keeps a const run()'s promise") {
  flowrun::testing::stage<motion::draw> stage;
  CHECK(flowrun::testing::check_parallel(stage, std::vector{one_vector(3, 4), one_vector(-2, 1)}) == "");
}
