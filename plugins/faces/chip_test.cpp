#include "chip.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <flowrun/opencv.hpp>
#include <limits>

using namespace faces;

namespace {

constexpr int side = 20;

face_template small_template() {
  return {side, side, {{{6, 6}, {13, 6}, {9.5, 10}, {7, 14}, {12, 14}}}};
}

// Values that rise by 2 along x and by 3 along y, so that the value says where it is from.
flowrun::image slope(int width, int height) {
  cv::Mat m(height, width, CV_8UC1);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) m.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(2 * x + 3 * y);
  return flowrun::share(m);
}

// A face whose landmarks become the template's by `to_chip`.
face face_for(const similarity& to_chip) {
  face f;
  const similarity back = to_chip.inverse();
  const face_template t = small_template();
  for (std::size_t i = 0; i < landmark_count; ++i) {
    const position p = back.apply(t.landmarks[i]);
    f.landmarks[2 * i] = static_cast<float>(p.x + 0.5);
    f.landmarks[2 * i + 1] = static_cast<float>(p.y + 0.5);
  }
  return f;
}

flowrun::image cut(const flowrun::image& picture, const similarity& to_chip) {
  return cut_chip(picture, align(face_for(to_chip), small_template(), 0), small_template());
}

int pixel(const flowrun::image& i, int x, int y) {
  return i.row(y)[x * i.channels];
}

}  // namespace

TEST_CASE("a shift by whole pixels cuts the pixels out as they are") {
  const flowrun::image chip = cut(slope(40, 35), {1, 0, -8, -5});
  REQUIRE(chip.width == side);
  REQUIRE(chip.height == side);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) CHECK(pixel(chip, x, y) == 2 * (x + 8) + 3 * (y + 5));
}

TEST_CASE("a turned, enlarged or shrunk face lies upright, at the chip's size") {
  const flowrun::image picture = slope(50, 45);
  for (double scale : {0.45, 0.7, 1.0, 1.6})  // 0.45: through the mean of 2 x 2 pixels
    for (double angle : {0.0, 0.4, -1.2, 3.0}) {
      const similarity turn{scale * std::cos(angle), scale * std::sin(angle), 0, 0};
      const position middle = turn.apply({24.5, 22});  // to the chip's middle
      const similarity to_chip{turn.a, turn.b, 9.5 - middle.x, 9.5 - middle.y};
      const flowrun::image chip = cut(picture, to_chip);
      const similarity back = to_chip.inverse();
      for (int y = 6; y < 14; ++y)
        for (int x = 6; x < 14; ++x) {
          const position p = back.apply({double(x), double(y)});
          CAPTURE(scale);
          CAPTURE(angle);
          CHECK(std::abs(pixel(chip, x, y) - (2 * p.x + 3 * p.y)) < 1.5);
        }
    }
}

TEST_CASE("at the picture's border and beyond it is black") {
  const flowrun::image bright = slope(30, 30).map([](std::uint8_t) { return std::uint8_t{200}; });
  const flowrun::image corner = cut(bright, {1, 0, 10, 10});  // the picture begins in the chip's middle
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) CHECK(pixel(corner, x, y) == (x >= 10 && y >= 10 ? 200 : 0));
  const flowrun::image end = cut(bright, {1, 0, -20, -20});
  CHECK(pixel(end, 9, 9) == 200);
  CHECK(pixel(end, 10, 9) == 0);
  for (double far : {-100.0, 100.0, 1e5}) {
    const flowrun::image beyond = cut(bright, {1, 0, far, far});
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) CHECK(pixel(beyond, x, y) == 0);
  }
}

TEST_CASE("a large face does not alias: stripes of one pixel become grey") {
  cv::Mat stripes(300, 300, CV_8UC3);
  for (int y = 0; y < 300; ++y)
    for (int x = 0; x < 300; ++x) stripes.at<cv::Vec3b>(y, x) = cv::Vec3b::all(x % 2 ? 255 : 0);
  for (double times : {3.0, 6.5, 9.9}) {
    const flowrun::image chip =
        cut(flowrun::share(stripes.clone()), {1 / times, 0, 9.5 - 150 / times, 9.5 - 150 / times});
    REQUIRE(chip.channels == 3);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) {
        CAPTURE(times);
        CHECK(std::abs(pixel(chip, x, y) - 127.5) < 64);
      }
  }
}

TEST_CASE("a picture larger than OpenCV's warp takes, and a face of many thousand pixels") {
  const flowrun::image wide = slope(40000, 30);
  const flowrun::image chip = cut(wide, {1, 0, -39970, -5});
  CHECK(pixel(chip, 3, 4) == ((2 * (3 + 39970) + 3 * (4 + 5)) & 255));
  CHECK(cut(wide, {20.0 / 39000, 0, 0, 10}).width == side);
}

TEST_CASE("landmarks that tell nothing are refused") {
  const face_template t = small_template();
  face f = face_for({1, 0, 0, 0});
  f.landmarks[7] = std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH_AS(align(f, t, 3), "face 3 has landmarks that are no finite numbers", std::runtime_error);
  f.landmarks.fill(7);
  constexpr auto not_upright = "face 0 cannot be turned upright: its landmarks lie all in one point, or too far apart";
  CHECK_THROWS_WITH_AS(align(f, t, 0), not_upright, std::runtime_error);
  f.landmarks = {0, 0, 3e38f, 0, 1e38f, 1e38f, 0, 3e38f, 3e38f, 3e38f};
  CHECK_THROWS_WITH_AS(align(f, t, 0), not_upright, std::runtime_error);
}
