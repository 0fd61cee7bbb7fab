#include "quality.hpp"

#include <doctest/doctest.h>

#include <flowrun/opencv.hpp>
#include <opencv2/imgproc.hpp>

using namespace faces;

namespace {

face_template plain_template() {
  return {60, 60, {{{20, 20}, {40, 20}, {30, 30}, {22, 42}, {38, 42}}}};
}

cv::Mat checks() {
  cv::Mat m(60, 60, CV_8UC3);
  for (int y = 0; y < 60; ++y)
    for (int x = 0; x < 60; ++x) m.at<cv::Vec3b>(y, x) = cv::Vec3b::all((x / 3 + y / 3) % 2 ? 160 : 90);
  return m;
}

face with_nose_at(float x) {
  face f;
  f.landmarks = {10, 10, 30, 10, x, 20, 12, 30, 28, 30};
  return f;
}

}  // namespace

TEST_CASE("the more a chip is blurred, the less sharp it is; one grey is not sharp at all") {
  double before = rate_sharpness(flowrun::share(checks()), plain_template());
  CHECK(before > 0.9);
  for (double sigma : {0.5, 0.8, 1.1, 1.4, 1.7, 2.0}) {
    cv::Mat blurred;
    cv::GaussianBlur(checks(), blurred, {0, 0}, sigma);
    const double sharpness = rate_sharpness(flowrun::share(blurred), plain_template());
    CAPTURE(sigma);
    CHECK(sharpness < before);
    before = sharpness;
  }
  CHECK(before < 0.05);
  CHECK(rate_sharpness(flowrun::share(cv::Mat(60, 60, CV_8UC1, cv::Scalar(80))), plain_template()) == 0);
}

TEST_CASE("sharpness is 0.5 where the Laplacian's variance is 100") {
  // Columns 0, 5, 0, 5, ...: the Laplacian is +10 and -10 in turns.
  cv::Mat columns(60, 60, CV_8UC1);
  for (int x = 0; x < 60; ++x) columns.col(x).setTo(x % 2 ? 5 : 0);
  CHECK(rate_sharpness(flowrun::share(columns), plain_template()) == doctest::Approx(0.5).epsilon(1e-3));
}

TEST_CASE("only what lies round the landmarks counts") {
  cv::Mat framed(60, 60, CV_8UC1, cv::Scalar(80));
  cv::rectangle(framed, {2, 2}, {57, 57}, cv::Scalar(255), 2);
  CHECK(rate_sharpness(flowrun::share(framed), plain_template()) == 0);
}

TEST_CASE("the further the nose is from the middle of the eyes, the less frontal") {
  CHECK(rate_frontal(with_nose_at(20)) == 1);
  CHECK(rate_frontal(with_nose_at(15)) == doctest::Approx(0.5));
  CHECK(rate_frontal(with_nose_at(27.5)) == doctest::Approx(0.25));
  CHECK(rate_frontal(with_nose_at(10)) == 0);
  CHECK(rate_frontal(with_nose_at(3)) == 0);
  CHECK(rate_frontal(with_nose_at(33)) == 0);
  face turned = with_nose_at(0);  // the eyes one above the other
  turned.landmarks = {10, 10, 10, 30, 0, 15, -9, 12, -9, 28};
  CHECK(rate_frontal(turned) == doctest::Approx(0.5));
  turned.landmarks[3] = 10;
  CHECK(rate_frontal(turned) == 0);  // the eyes in one point
}

TEST_CASE("a face smaller than the chip is worth less") {
  CHECK(rate_size(0.1) == 1);
  CHECK(rate_size(1) == 1);
  CHECK(rate_size(2) == 0.5);
  CHECK(rate_size(10) == doctest::Approx(0.1));
  const face_quality q = rate(with_nose_at(15), flowrun::share(checks()), plain_template(), 2);
  CHECK(q.size == 0.5);
  CHECK(q.product() == doctest::Approx(0.5 * q.sharpness * 0.5));
}
