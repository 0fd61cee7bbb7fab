// Geometry, coefficients and inner loops of the resize; pillow_parity.py compares its values.
#include "model/resample.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "model/blend.hpp"
#include "model/image_placement.hpp"
#include "preprocess_cases.hpp"

using namespace flowrun;
using namespace flowrun::core;
using preprocess_cases::noise;

namespace {

image_placement place_at(resize_mode mode, int side, bool crop, int width, int height, int input_width,
                         int input_height) {
  preprocess_spec s;
  s.mode = mode;
  s.width = s.height = side;
  s.center_crop = crop;
  return place_image(s, input_width, input_height, noise(width, height, 1, 1), {}, "image");
}
std::vector<std::int64_t> area(const image_area& a) {
  return {a.left, a.top, a.width, a.height};
}
using numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("shortest and centre crop lie where torchvision puts them") {
  CHECK(area(place_at(resize_mode::shortest, 224, true, 640, 480, 224, 224).content) == numbers{-37, 0, 298, 224});
  CHECK(area(place_at(resize_mode::shortest, 224, true, 480, 640, 224, 224).content) == numbers{0, -37, 224, 298});
  CHECK(area(place_at(resize_mode::shortest, 0, true, 500, 333, 224, 224).content) == numbers{-56, 0, 336, 224});
  CHECK(area(place_at(resize_mode::shortest, 256, true, 300, 300, 224, 224).content) == numbers{-16, -16, 256, 256});
  CHECK(area(place_at(resize_mode::shortest, 256, true, 500, 333, 224, 224).content) == numbers{-80, -16, 384, 256});
  CHECK(area(place_at(resize_mode::shortest, 100, true, 200, 100, 224, 224).content) == numbers{12, 62, 200, 100});
}

TEST_CASE("a letterbox is centred, the canvas round it is what may be cropped") {
  const image_placement p = place_at(resize_mode::letterbox, 0, false, 640, 480, 416, 416);
  CHECK(area(p.content) == numbers{0, 52, 416, 312});
  CHECK(area(p.canvas) == numbers{0, 0, 416, 416});
  CHECK(area(place_at(resize_mode::letterbox, 0, false, 3, 2, 8, 8).content) == numbers{0, 1, 8, 5});
  CHECK(area(place_at(resize_mode::letterbox, 0, false, 2, 3, 8, 8).content) == numbers{1, 0, 5, 8});
  CHECK(area(place_at(resize_mode::letterbox, 0, false, 5000, 1, 8, 8).content) == numbers{0, 3, 8, 1});
  const image_placement cropped = place_at(resize_mode::letterbox, 8, true, 3, 2, 4, 10);
  CHECK(area(cropped.content) == numbers{-2, 2, 8, 5});
  CHECK(area(cropped.canvas) == numbers{-2, 1, 8, 8});
}

TEST_CASE("weights sum to one, in and beyond the image") {
  for (const resize_filter f : {resize_filter::nearest, resize_filter::box, resize_filter::bilinear,
                                resize_filter::bicubic, resize_filter::lanczos})
    for (const auto& [from, to] : {std::pair{0.0, 50.0}, std::pair{3.25, 9.5}, std::pair{-7.5, 60.0}})
      for (const std::int64_t scaled : {1, 13, 50, 120}) {
        axis_weights w;
        weigh({f, 50, from, to, scaled, 0, static_cast<int>(scaled)}, w);
        REQUIRE(w.spans.size() == static_cast<std::size_t>(scaled));
        for (const axis_weights::span& s : w.spans) {
          CHECK((s.first >= w.low && s.count > 0 && s.first + s.count <= w.high));
          const auto first = w.weights.begin() + static_cast<std::ptrdiff_t>(s.start);
          // Each weight is rounded by up to a half.
          CHECK(std::abs(std::accumulate(first, first + s.count, 0) - axis_weights::one) <= 300);
        }
        CHECK((w.low >= 0 && w.high <= 50));
      }
}

TEST_CASE("at its own size every filter copies") {
  for (const resize_filter f : {resize_filter::nearest, resize_filter::box, resize_filter::bilinear,
                                resize_filter::bicubic, resize_filter::lanczos}) {
    axis_weights w;
    weigh({f, 50, 3, 23, 20, 2, 5}, w);
    CHECK(w.in_order);
    CHECK(w.low == 5);
    CHECK(w.high == 10);
  }
  axis_weights repeated;
  weigh({resize_filter::nearest, 5, -4, 4, 4, 0, 4}, repeated);
  CHECK(repeated.copies);
  CHECK_FALSE(repeated.in_order);
}

TEST_CASE("the loops of this processor give the bytes of the plain ones") {
  const blend_code* fast = avx2_blend();
  if (!fast) {
    MESSAGE("this processor has the plain loops only");
    return;
  }
  const image from = noise(64 * 16, 70, 1, 5);
  axis_weights w;
  weigh({resize_filter::lanczos, 64, -2.5, 64, 37, 0, 37}, w);
  std::vector<std::uint8_t> a(37 * blend_lanes), b(a.size(), 1);
  plain_blend.spans(w, from.row(3), a.data());
  fast->spans(w, from.row(3), b.data());
  CHECK(a == b);
  for (const axis_weights::span& s : w.spans) {
    std::vector<std::uint8_t> c(112), d(112, 1);
    plain_blend.rows(from.row(s.first), from.stride, &w.weights[s.start], s.count, 100, c.data());
    fast->rows(from.row(s.first), from.stride, &w.weights[s.start], s.count, 100, d.data());
    CHECK(c == d);
  }
}

TEST_CASE("a window of the result is that part of the whole") {
  const image from = noise(61, 47, 3, 9);
  resampler whole, part;
  resize_request want{resize_filter::bicubic, {-3, 2.5, 60, 44}, 40, 90, 0, 0, 40, 90, false};
  const resized_pixels all = whole.resize(from, want);
  want.left = 11;
  want.top = 80;
  want.columns = 7;
  want.rows = 10;
  const resized_pixels some = part.resize(from, want);
  for (int y = 0; y < 10; ++y) CHECK(std::memcmp(some.row(y), all.row(y + 80) + 11 * 3, 21) == 0);
}
