#include "camera_motion.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "made_frames.hpp"

using namespace motion_test;

namespace {

const cv::Size size(320, 240);

cv::Mat texture() {
  return moved_frame(wave_texture(3, 8, 60), size, {});
}

// The exact vectors of a motion, in px of a frame `scale` times as large as the working frame.
cv::Mat vectors_of(const known_motion& known, motion::pixel_scale scale = {}) {
  cv::Mat vectors(size, CV_32FC2);
  const cv::Size full(static_cast<int>(size.width * scale.x), static_cast<int>(size.height * scale.y));
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const cv::Point2d p((x + 0.5) * scale.x - 0.5, (y + 0.5) * scale.y - 0.5), way = known.to(p, full) - p;
      vectors.at<cv::Vec2f>(y, x) = {static_cast<float>(way.x), static_cast<float>(way.y)};
    }
  return vectors;
}

void check_near(const motion::camera_motion& found, const known_motion& known, double px, double degrees) {
  CHECK(std::abs(found.flow.dx - known.dx) <= px);
  CHECK(std::abs(found.flow.dy - known.dy) <= px);
  CHECK(std::abs(motion::rotation_of(found.flow) - known.degrees) <= degrees);
  CHECK(std::abs(motion::scale_of(found.flow) - known.scale) <= degrees / 50);
}

}  // namespace

TEST_CASE("exact vectors give the exact motion, in px of the original frame") {
  for (const known_motion& known : {known_motion{}, known_motion{3, -2}, known_motion{0, 0, 5},
                                    known_motion{0, 0, 0, 1.1}, known_motion{-7, 12, -20, 0.9}})
    for (const motion::pixel_scale& scale : {motion::pixel_scale{1, 1}, motion::pixel_scale{3, 3}}) {
      const motion::camera_motion found = motion::find_camera_motion(texture(), vectors_of(known, scale), scale);
      check_near(found, known, 1e-3, 1e-3);
      CHECK(found.support == 1);
    }
}

TEST_CASE("objects that cover up to 45 % of the picture and move as one do not bend the camera motion") {
  const known_motion known{2, 1, 1, 1.01};
  for (double share : {0.1, 0.3, 0.45}) {
    CAPTURE(share);
    cv::Mat vectors = vectors_of(known);
    const int width = static_cast<int>(size.width * std::sqrt(share)),
              height = static_cast<int>(size.height * std::sqrt(share));
    vectors(cv::Rect(20, 15, width, height)).setTo(cv::Scalar(-9, 6));
    const motion::camera_motion found = motion::find_camera_motion(texture(), vectors, {});
    check_near(found, known, 0.01, 0.005);
    CHECK(std::abs(found.support - (1 - share)) < 0.05);
  }
}

TEST_CASE("vectors with noise and a third of outliers: within 0.05 px and 0.02 degrees") {
  const known_motion known{-4, 2.5, 2, 0.98};
  cv::Mat vectors = vectors_of(known), jitter(size, CV_32FC2), wild(size, CV_32FC2), chosen(size, CV_8UC1);
  cv::RNG numbers(5);
  numbers.fill(jitter, cv::RNG::NORMAL, 0, 0.2);
  numbers.fill(wild, cv::RNG::UNIFORM, -20, 20);
  numbers.fill(chosen, cv::RNG::UNIFORM, 0, 3);
  vectors += jitter;
  wild.copyTo(vectors, chosen == 0);
  check_near(motion::find_camera_motion(texture(), vectors, {}), known, 0.05, 0.02);
}

TEST_CASE("only textured cells are asked: flat ground whose flow is 0 does not hold a pan back") {
  cv::Mat grey = texture(), vectors = vectors_of({6, 0});
  grey(cv::Rect(0, 0, 320, 160)).setTo(30);
  vectors(cv::Rect(0, 0, 320, 156)).setTo(cv::Scalar(0, 0));
  check_near(motion::find_camera_motion(grey, vectors, {}), {6, 0}, 0.01, 0.01);
}

TEST_CASE("a picture of one cell or one line has a shift and nothing else") {
  for (const cv::Size& small : {cv::Size(1, 1), cv::Size(8, 8), cv::Size(200, 1), cv::Size(1, 200), cv::Size(9, 9)}) {
    const cv::Mat grey(small, CV_8UC1, cv::Scalar(7)), vectors(small, CV_32FC2, cv::Scalar(2, -1));
    check_near(motion::find_camera_motion(grey, vectors, {}), {2, -1}, 1e-6, 1e-6);
  }
}

TEST_CASE("a mirroring map has scale 0, no motion has rotation 0 without a sign") {
  motion::affine_flow mirror;
  mirror.xx = -2;
  CHECK(motion::scale_of(mirror) == 0);
  CHECK_FALSE(std::signbit(motion::rotation_of({})));
}
