#include "luminance.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <flowrun/opencv.hpp>
#include <numeric>

namespace {

// Every level 0..255 once.
cv::Mat all_levels() {
  cv::Mat m(16, 16, CV_8UC1);
  for (int i = 0; i < 256; ++i) m.at<std::uint8_t>(i / 16, i % 16) = static_cast<std::uint8_t>(i);
  return m;
}

cv::Mat noise(int rows, int columns, int type) {
  cv::Mat m(rows, columns, type);
  cv::RNG(7).fill(m, cv::RNG::UNIFORM, 0, 256);
  return m;
}

}  // namespace

TEST_CASE("luma is the SDK's, for BGR, BGRA and grey, also of a view with a stride") {
  for (int type : {CV_8UC1, CV_8UC3, CV_8UC4}) {
    const cv::Mat picture = noise(37, 53, type)(cv::Rect(2, 3, 41, 29));
    std::vector<std::uint8_t> buffer;
    const cv::Mat luma = lighting::luma_of(picture, buffer);
    const flowrun::image expected = flowrun::share(picture).gray();
    REQUIRE(luma.size() == picture.size());
    CHECK(cv::norm(luma, flowrun::view(expected), cv::NORM_INF) == 0);
  }
}

TEST_CASE("the luma buffer serves pictures of any size one after another") {
  std::vector<std::uint8_t> buffer;
  for (int side : {5, 40, 3}) {
    const cv::Mat picture(side, side + 1, CV_8UC3, cv::Scalar(10, 10, 10));
    CHECK(cv::norm(lighting::luma_of(picture, buffer), cv::Mat(side, side + 1, CV_8UC1, cv::Scalar(10)),
                   cv::NORM_INF) == 0);
  }
  CHECK(buffer.size() == 40 * 41);
}

TEST_CASE("a picture without pixels or of another format is refused") {
  std::vector<std::uint8_t> buffer;
  CHECK_THROWS_AS(lighting::luma_of({}, buffer), std::invalid_argument);
  CHECK_THROWS_AS(lighting::luma_of(cv::Mat::zeros(2, 2, CV_8UC2), buffer), std::invalid_argument);
  CHECK_THROWS_AS(lighting::luma_of(cv::Mat::zeros(2, 2, CV_16UC1), buffer), std::invalid_argument);
}

TEST_CASE("counts are exact at every width, so the tail of a row is counted") {
  for (int width = 1; width <= 9; ++width) {
    const cv::Mat picture = noise(11, width, CV_8UC1);
    const lighting::luma_counts counts = lighting::count_levels(picture);
    CHECK(counts.total == static_cast<std::uint64_t>(11 * width));
    CHECK(std::accumulate(counts.level.begin(), counts.level.end(), std::uint64_t{0}) == counts.total);
    for (int v = 0; v < 256; ++v)
      CHECK(counts.level[static_cast<std::size_t>(v)] == static_cast<std::uint64_t>(cv::countNonZero(picture == v)));
  }
}

TEST_CASE("mean and deviation of all levels have the known closed form") {
  const lighting::luma_counts counts = lighting::count_levels(all_levels());
  CHECK(lighting::mean_level(counts) == 127.5);
  CHECK(lighting::level_deviation(counts, 127.5) == doctest::Approx(std::sqrt((256.0 * 256 - 1) / 12)).epsilon(1e-12));
}

TEST_CASE("percentiles are nearest ranks") {
  // 20 pixels: one 10, nine 20, nine 30, one 40. 5 % is exactly the first pixel, 95 % the last but one.
  cv::Mat m(1, 20, CV_8UC1, cv::Scalar(20));
  m.colRange(10, 20).setTo(30);
  m.at<std::uint8_t>(0) = 10;
  m.at<std::uint8_t>(19) = 40;
  const lighting::luma_counts counts = lighting::count_levels(m);
  CHECK(lighting::percentile(counts, 5) == 10);
  CHECK(lighting::percentile(counts, 6) == 20);
  CHECK(lighting::percentile(counts, 50) == 20);
  CHECK(lighting::percentile(counts, 51) == 30);
  CHECK(lighting::percentile(counts, 95) == 30);
  CHECK(lighting::percentile(counts, 96) == 40);
  CHECK(lighting::percentile(counts, 100) == 40);
}

TEST_CASE("clipped shares are exact at their borders") {
  const lighting::luma_counts counts = lighting::count_levels(all_levels());
  CHECK(lighting::share_between(counts, 0, lighting::shadow_level) == 5.0 / 256);
  CHECK(lighting::share_between(counts, lighting::highlight_level, 255) == 5.0 / 256);
}

TEST_CASE("histograms of 2..256 bins hold every level in its bin and sum to 1") {
  const lighting::luma_counts counts = lighting::count_levels(all_levels());
  for (int bins = 2; bins <= 256; ++bins) {
    const std::vector<float> shares = lighting::shares(counts, bins);
    REQUIRE(shares.size() == static_cast<std::size_t>(bins));
    CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == doctest::Approx(1).epsilon(1e-6));
    CHECK(*std::min_element(shares.begin(), shares.end()) > 0);
  }
  CHECK(lighting::shares(counts, 32)[31] == 8.0f / 256);
  const cv::Mat one(1, 1, CV_8UC1, cv::Scalar(127));
  CHECK(lighting::shares(lighting::count_levels(one), 2) == std::vector<float>{1, 0});
  CHECK(lighting::shares(lighting::count_levels(one + cv::Scalar(1)), 2) == std::vector<float>{0, 1});
}
