#include "colour_temperature.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace {

// CIE 15:2018, 2 degree observer; temperatures of illuminants A and D65.
constexpr lighting::chromaticity illuminant_a = {0.44758, 0.40745}, illuminant_d65 = {0.31272, 0.32903};

std::uint8_t encode(double linear) {
  const double v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
  return cv::saturate_cast<std::uint8_t>(255 * v);
}

// A grey card of luminance `y` under a light of chromaticity c, as an sRGB camera with daylight balance sees it. The
// inverse matrix is IEC 61966-2-1's.
cv::Mat grey_card(const lighting::chromaticity& c, double y, int channels = 3) {
  const double x = y * c.x / c.y, z = y * (1 - c.x - c.y) / c.y;
  const double red = 3.2406 * x - 1.5372 * y - 0.4986 * z;
  const double green = -0.9689 * x + 1.8758 * y + 0.0415 * z;
  const double blue = 0.0557 * x - 0.2040 * y + 1.0570 * z;
  return {20, 30, CV_8UC(channels), cv::Scalar(encode(blue), encode(green), encode(red), 3)};
}

}  // namespace

TEST_CASE("McCamy's formula gives the temperatures of the CIE illuminants") {
  CHECK(*lighting::temperature_of(illuminant_a) == doctest::Approx(2856).epsilon(0.001));
  CHECK(*lighting::temperature_of(illuminant_d65) == doctest::Approx(6504).epsilon(0.001));
  CHECK(*lighting::temperature_of({0.25, 0.25}) > 20000);
  CHECK(*lighting::temperature_of({0.2, 0.21}) == 40000);
  CHECK_FALSE(lighting::temperature_of({0.15, 0.06}));
}

TEST_CASE("Duv: 0 on the Planckian locus, 0.0032 for D65, signed by side") {
  CHECK(std::abs(*lighting::tint_of(illuminant_a)) < 0.0002);
  CHECK(*lighting::tint_of(illuminant_d65) == doctest::Approx(0.0032).epsilon(0.03));
  CHECK(*lighting::tint_of({0.3127, 0.36}) > 0.01);
  CHECK(*lighting::tint_of({0.3127, 0.30}) < -0.01);
  CHECK_FALSE(lighting::tint_of({0.15, 0.06}));
}

TEST_CASE("a grey card tells the temperature of its light, within what 8 bits leave") {
  for (double y : {0.1, 0.3}) {
    const lighting::light_colour a = lighting::find_light_colour(grey_card(illuminant_a, y), 0.05);
    REQUIRE(a.temperature);
    CHECK(std::abs(*a.temperature - 2856) < 40);
    CHECK(std::abs(*a.tint) < 0.002);
    const lighting::light_colour d65 = lighting::find_light_colour(grey_card(illuminant_d65, y), 0.05);
    REQUIRE(d65.temperature);
    CHECK(std::abs(*d65.temperature - 6504) < 40);
    CHECK(std::abs(*d65.tint - 0.0032) < 0.001);
  }
}

TEST_CASE("BGRA is the same as BGR: alpha does not count, not even out of range") {
  const auto bgr = lighting::find_light_colour(grey_card(illuminant_a, 0.3), 0.05);
  const auto bgra = lighting::find_light_colour(grey_card(illuminant_a, 0.3, 4), 0.05);
  CHECK(bgr.temperature == bgra.temperature);
  CHECK(bgr.tint == bgra.tint);
}

TEST_CASE("clipped pixels do not count, wherever they stand and at every width") {
  for (int width = 1; width <= 40; ++width)
    for (int at : {0, width / 2, width - 1}) {
      cv::Mat m(2, width, CV_8UC3, cv::Scalar(60, 90, 120));
      const auto clean = lighting::mean_colour(m);
      m.at<cv::Vec3b>(0, at) = {60, 90, 250};
      m.at<cv::Vec3b>(1, at) = {5, 90, 120};
      const auto clipped = lighting::mean_colour(m);
      if (width == 1) {
        CHECK_FALSE(clipped);
        continue;
      }
      REQUIRE(clipped);
      CHECK(clipped->red == doctest::Approx(clean->red).epsilon(1e-12));
      CHECK(clipped->blue == doctest::Approx(clean->blue).epsilon(1e-12));
    }
}

TEST_CASE("the borders of the usable range belong to it") {
  const cv::Mat in(1, 1, CV_8UC3, cv::Scalar(6, 100, 249)), low(1, 1, CV_8UC3, cv::Scalar(5, 100, 249)),
      high(1, 1, CV_8UC3, cv::Scalar(6, 100, 250));
  CHECK(lighting::mean_colour(in));
  CHECK_FALSE(lighting::mean_colour(low));
  CHECK_FALSE(lighting::mean_colour(high));
}

TEST_CASE("the mean is taken in linear light") {
  cv::Mat m(1, 2, CV_8UC3, cv::Scalar(20, 20, 20));
  m.at<cv::Vec3b>(0, 1) = {220, 220, 220};
  const auto linear = [](double v) { return std::pow((v / 255 + 0.055) / 1.055, 2.4); };
  CHECK(lighting::mean_colour(m)->green == doctest::Approx((linear(20) + linear(220)) / 2).epsilon(1e-5));
}

TEST_CASE("what tells nothing of colour has neither value; a coloured picture has a tint but no temperature") {
  for (const cv::Scalar& colour : {cv::Scalar(0, 0, 0), cv::Scalar(255, 255, 255), cv::Scalar(255, 0, 0)}) {
    const auto found = lighting::find_light_colour(cv::Mat(9, 9, CV_8UC3, colour), 0.05);
    CHECK_FALSE(found.temperature);
    CHECK_FALSE(found.tint);
  }
  CHECK_FALSE(lighting::find_light_colour(cv::Mat(9, 9, CV_8UC1, cv::Scalar(128)), 0.05).temperature);
  const cv::Mat green(9, 9, CV_8UC3, cv::Scalar(20, 200, 20));
  const auto found = lighting::find_light_colour(green, 0.05);
  CHECK_FALSE(found.temperature);
  CHECK(*found.tint > 0.05);
  CHECK(lighting::find_light_colour(green, 0.2).temperature);
  // 1 usable pixel in 2,000 is too few, 2 are enough.
  cv::Mat few(40, 50, CV_8UC3, cv::Scalar(0, 0, 0));
  few.at<cv::Vec3b>(3, 3) = {90, 90, 90};
  CHECK_FALSE(lighting::mean_colour(few));
  few.at<cv::Vec3b>(4, 3) = {90, 90, 90};
  CHECK(lighting::mean_colour(few));
}
