#include "flow_statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace {

cv::Mat uniform(float x, float y) {
  return cv::Mat(4, 5, CV_32FC2, cv::Scalar(x, y));
}

}  // namespace

TEST_CASE("no motion has no direction and an empty histogram") {
  const motion::flow_statistics found = motion::find_statistics(uniform(0, 0), 0.25);
  CHECK(found.mean == 0);
  CHECK(found.max == 0);
  CHECK(found.moving == 0);
  CHECK_FALSE(found.direction);
  CHECK(found.strength == 0);
  CHECK(found.histogram == std::array<float, 8>{});
}

TEST_CASE("directions are counter-clockwise from the right, and each bin is centred on its own") {
  for (int degrees = 0; degrees < 360; degrees += 5) {
    const double angle = degrees * CV_PI / 180;
    const motion::flow_statistics found = motion::find_statistics(
        uniform(static_cast<float>(3 * std::cos(angle)), static_cast<float>(-3 * std::sin(angle))), 0.25);
    REQUIRE(found.direction);
    CHECK(std::abs(std::remainder(*found.direction - degrees, 360)) < 1e-4);
    CHECK((*found.direction >= 0 && *found.direction < 360));
    CHECK(found.strength == doctest::Approx(1));
    const int bin = static_cast<int>((degrees + 22.5) / 45) % 8;
    for (int i = 0; i < 8; ++i) CHECK(found.histogram[static_cast<std::size_t>(i)] == (i == bin ? 1 : 0));
  }
}

TEST_CASE("magnitudes weigh, and short vectors count as still") {
  cv::Mat vectors(1, 4, CV_32FC2);
  vectors.at<cv::Vec2f>(0, 0) = {3, 0};
  vectors.at<cv::Vec2f>(0, 1) = {0, -1};
  vectors.at<cv::Vec2f>(0, 2) = {0, 0.2f};
  vectors.at<cv::Vec2f>(0, 3) = {0, 0};
  const motion::flow_statistics found = motion::find_statistics(vectors, 0.25);
  CHECK(found.mean == doctest::Approx(4.2 / 4));
  CHECK(found.max == 3);
  CHECK(found.moving == 0.5);
  CHECK(*found.direction == doctest::Approx(std::atan2(1, 3) * 180 / CV_PI));
  CHECK(found.strength == doctest::Approx(std::sqrt(10.0) / 4));
  CHECK(found.histogram[0] == 0.75f);
  CHECK(found.histogram[2] == 0.25f);
  CHECK(motion::find_statistics(vectors, 0.1).moving == 0.75);
}

TEST_CASE("motion apart has no common direction") {
  cv::Mat vectors = uniform(2, 0).clone();
  vectors.rowRange(0, 2).setTo(cv::Scalar(-2, 0));
  const motion::flow_statistics found = motion::find_statistics(vectors, 0.25);
  CHECK_FALSE(found.direction);
  CHECK(found.strength == 0);
  CHECK(found.histogram[0] == 0.5f);
  CHECK(found.histogram[4] == 0.5f);
}
