#include "center_face.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <flowrun/packet.hpp>
#include <limits>

#include "made_face_maps.hpp"

using namespace made_face_maps;
using faces::face;

namespace {

std::vector<face> read(const std::vector<flowrun::tensor>& maps, double threshold = 0.5) {
  auto values = [&](std::size_t i) { return maps[i].values<const float>(); };
  return faces::read_faces({values(0), values(1), values(2), values(3)}, faces::read_layout(model()), threshold);
}

void check_same(const face& a, const face& b) {
  CHECK(a.x == doctest::Approx(b.x).epsilon(1e-4));
  CHECK(a.y == doctest::Approx(b.y).epsilon(1e-4));
  CHECK(a.w == doctest::Approx(b.w).epsilon(1e-4));
  CHECK(a.h == doctest::Approx(b.h).epsilon(1e-4));
  CHECK(a.score == b.score);
  for (std::size_t i = 0; i < a.landmarks.size(); ++i)
    CHECK(a.landmarks[i] == doctest::Approx(b.landmarks[i]).epsilon(1e-4));
}

constexpr const char* refusal =
    "the model 'made' is no CenterFace: its outputs must be float32 [1, h, w], [2, h, w], [2, h, w] and [10, h, w] for "
    "an input [3, n * h, n * w]; take centerface";

}  // namespace

TEST_CASE("one place by hand: heights come before widths, y before x") {
  std::vector<flowrun::tensor> maps = write({});
  auto set = [&](std::size_t output, std::size_t map, float v) {
    maps[output].values<float>()[(map * side + 5) * side + 9] = v;
  };
  set(0, 0, 0.75F);
  set(1, 0, std::log(4.0F));  // 16 px high
  set(1, 1, std::log(2.0F));  // 8 px wide
  set(2, 0, 0.25F);           // middle at y (5 + .5 + .25) * 4 = 23
  set(2, 1, -0.5F);           // and x (9 + .5 - .5) * 4 = 36
  set(3, 0, 0.5F);            // the first landmark at half the height
  set(3, 1, 0.25F);           // and a quarter of the width
  const std::vector<face> seen = read(maps);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].x == doctest::Approx(32));
  CHECK(seen[0].y == doctest::Approx(15));
  CHECK(seen[0].w == doctest::Approx(8));
  CHECK(seen[0].h == doctest::Approx(16));
  CHECK(seen[0].score == 0.75F);
  CHECK(seen[0].landmarks[0] == doctest::Approx(34));
  CHECK(seen[0].landmarks[1] == doctest::Approx(23));
}

TEST_CASE("what was written is read: sizes, landmarks, faces at the border and beyond it") {
  const std::vector<told> list = {around(10, 20, 12, 16, 0.9F), around(62, 40, 20, 9, 0.5F),
                                  around(1, 63, 30, 30, 0.6F)};
  const std::vector<face> seen = read(write(list));
  REQUIRE(seen.size() == 3);
  check_same(seen[0], list[0].found);
  check_same(seen[1], list[1].found);
  check_same(seen[2], list[2].found);
  CHECK(seen[2].x < 0);
  CHECK(read(write(list), 0.55).size() == 2);
  CHECK(read(write({})).empty());
}

TEST_CASE("sizes beyond reason are clamped, and what is no number is no face") {
  std::vector<flowrun::tensor> maps = write({around(10, 20, 12, 16, 0.9F), around(40, 20, 12, 16, 0.8F)});
  maps[1].values<float>()[5 * side + 2] = 80;  // of the first: its logarithmic height
  std::vector<face> seen = read(maps);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].h == doctest::Approx(std::exp(6.0) * step));
  maps[3].values<float>()[5 * side + 2] = std::numeric_limits<float>::infinity();
  seen = read(maps);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].score == 0.8F);
}

TEST_CASE("into px of the picture") {
  face f = around(32, 32, 16, 8, 1).found;
  flowrun::placement at;
  at.from = {100, 50, 128, 32};
  at.left = 0;
  at.top = 24;
  at.scale_x = 0.5;
  at.scale_y = 0.25;
  faces::to_picture(f, at);
  CHECK(f.x == 148);
  CHECK(f.y == 66);
  CHECK(f.w == 32);
  CHECK(f.h == 32);
  CHECK(f.landmarks[4] == 164);  // the nose, in the middle
  CHECK(f.landmarks[5] == 82);
}

TEST_CASE("a model with other maps is refused") {
  CHECK(faces::read_layout(model()).step == 4);
  CHECK(faces::read_layout(model()).width == 16);
  flowrun::model_file m = model();
  m.outputs.pop_back();
  CHECK_THROWS_WITH_AS(faces::read_layout(m), refusal, flowrun::input_error);
  m = model();
  m.outputs[3].shape[0] = {8, 8};
  CHECK_THROWS_WITH_AS(faces::read_layout(m), refusal, flowrun::input_error);
  m = model();
  m.outputs[2].shape[2] = {8, 8};
  CHECK_THROWS_WITH_AS(faces::read_layout(m), refusal, flowrun::input_error);
  m = model();
  m.inputs[0].shape[1] = {65, 65};
  CHECK_THROWS_WITH_AS(faces::read_layout(m), refusal, flowrun::input_error);
  m = model();
  m.outputs[0].shape.clear();
  CHECK_THROWS_WITH_AS(faces::read_layout(m), refusal, flowrun::input_error);
}
