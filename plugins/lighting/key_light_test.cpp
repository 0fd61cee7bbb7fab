#include "key_light.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

namespace {

// A plane of luma that rises towards `degrees` (0 right, 90 above) by `range` over the longer side, 128 in the middle.
cv::Mat ramp(int width, int height, double degrees, double range) {
  const double slope = range / std::max(width, height), angle = degrees * CV_PI / 180;
  cv::Mat m(height, width, CV_8UC1);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double right = x - (width - 1) / 2.0, up = (height - 1) / 2.0 - y;
      m.at<std::uint8_t>(y, x) =
          cv::saturate_cast<std::uint8_t>(128 + slope * (right * std::cos(angle) + up * std::sin(angle)));
    }
  return m;
}

lighting::key_light find(const cv::Mat& luma, const lighting::key_light_rule& rule = {}) {
  lighting::key_light_scratch scratch;
  return lighting::find_key_light(luma, rule, scratch);
}

double apart(double a, double b) {
  return std::abs(std::remainder(a - b, 360.0));
}

}  // namespace

TEST_CASE("a ramp's direction is found at any angle, size and proportion") {
  const cv::Size sizes[] = {{768, 576}, {65, 301}, {40, 40}};
  for (const cv::Size& size : sizes)
    for (int degrees = 0; degrees < 360; degrees += 15) {
      CAPTURE(size.width);
      CAPTURE(degrees);
      const lighting::key_light found = find(ramp(size.width, size.height, degrees, 160));
      REQUIRE(found.direction);
      CHECK(apart(*found.direction, degrees) < 1.5);
      CHECK_FALSE(std::signbit(*found.direction));
      CHECK(*found.direction < 360);
      CHECK(found.strength > 0.95);
      CHECK(found.strength <= 1);
    }
}

TEST_CASE("straight ramps are exact, though cells differ in size") {
  CHECK(*find(ramp(500, 333, 0, 200)).direction == doctest::Approx(0).epsilon(1e-9));
  CHECK(*find(ramp(500, 333, 90, 200)).direction == doctest::Approx(90).epsilon(1e-9));
  CHECK(*find(ramp(500, 333, 180, 200)).direction == doctest::Approx(180).epsilon(1e-9));
  CHECK(*find(ramp(500, 333, 270, 200)).direction == doctest::Approx(270).epsilon(1e-9));
}

TEST_CASE("gradients are per pixel: cells wider than high do not turn the light") {
  // Cells of 2 x 1.5 pixels; counted per cell the answer would be 37 degrees.
  CHECK(apart(*find(ramp(65, 3, 45, 195)).direction, 45) < 2);
}

TEST_CASE("flat pictures and single pixels have no direction") {
  for (int level : {0, 128, 255}) {
    const lighting::key_light found = find(cv::Mat(50, 70, CV_8UC1, cv::Scalar(level)));
    CHECK_FALSE(found.direction);
    CHECK(found.strength == 0);
  }
  const lighting::key_light one = find(cv::Mat(1, 1, CV_8UC1, cv::Scalar(90)));
  CHECK_FALSE(one.direction);
  CHECK(one.strength == 0);
}

TEST_CASE("a fall of light from all sides alike has a strength near 0 and no direction") {
  cv::Mat m(300, 300, CV_8UC1);
  for (int y = 0; y < 300; ++y)
    for (int x = 0; x < 300; ++x)
      m.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(std::hypot(x - 149.5, y - 149.5));
  const lighting::key_light found = find(m);
  CHECK_FALSE(found.direction);
  CHECK(found.strength < 0.02);
}

TEST_CASE("pictures one pixel wide or high have a direction along their length") {
  for (int length : {2, 3, 64, 65, 500}) {
    CAPTURE(length);
    const cv::Mat row = ramp(length, 1, 180, 200), column = ramp(1, length, 90, 200);
    CHECK(*find(row).direction == 180);
    CHECK(find(row).strength == doctest::Approx(1));
    CHECK(*find(column).direction == 90);
    CHECK(find(column).strength == doctest::Approx(1));
  }
}

TEST_CASE("texture and a hard edge do not turn the light") {
  cv::Mat m = ramp(640, 480, 135, 80), texture(480, 640, CV_8SC1);
  cv::RNG(3).fill(texture, cv::RNG::UNIFORM, -30, 31);
  cv::add(m, texture, m, cv::noArray(), CV_8U);
  CHECK(apart(*find(m).direction, 135) < 4);
  // A dark thing on the upper left, where the light comes from; keep = 1 counts its edges.
  m(cv::Rect(0, 0, 60, 60)).setTo(0);
  CHECK(apart(*find(m).direction, 135) < 4);
  const double with_edges = apart(*find(m, {64, 1.0, 0.02}).direction, 135);
  CHECK((with_edges > 4 || find(m, {64, 1.0, 0.02}).strength < find(m).strength));
}

TEST_CASE("the answer does not depend on what the scratch held before") {
  lighting::key_light_scratch used;
  const cv::Mat picture = ramp(300, 200, 33, 100);
  lighting::find_key_light(ramp(900, 700, 200, 150), {}, used);
  const lighting::key_light again = lighting::find_key_light(picture, {}, used), fresh = find(picture);
  CHECK(again.direction == fresh.direction);
  CHECK(again.strength == fresh.strength);
}
