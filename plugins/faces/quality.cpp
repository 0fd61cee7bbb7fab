#include "quality.hpp"

#include <algorithm>
#include <cmath>
#include <flowrun/opencv.hpp>
#include <opencv2/imgproc.hpp>

namespace faces {

namespace {

constexpr double middling_variance = 100;  // of the Laplacian

cv::Rect enclosed(const face_template& t) {
  double left = t.width, right = 0, top = t.height, bottom = 0;
  for (const position& p : t.landmarks) {
    left = std::min(left, p.x);
    right = std::max(right, p.x);
    top = std::min(top, p.y);
    bottom = std::max(bottom, p.y);
  }
  const double x = (right - left) / 2, y = (bottom - top) / 2;
  const cv::Rect grown(cv::Point(static_cast<int>(left - x), static_cast<int>(top - y)),
                       cv::Point(static_cast<int>(right + x), static_cast<int>(bottom + y)));
  return grown & cv::Rect(0, 0, t.width, t.height);
}

position landmark_of(const face& f, landmark which) {
  const auto at = 2 * static_cast<std::size_t>(which);
  return {f.landmarks[at], f.landmarks[at + 1]};
}

}  // namespace

double rate_size(double chip_scale) {
  return std::min(1.0, 1 / chip_scale);
}

double rate_sharpness(const flowrun::image& chip, const face_template& t) {
  const cv::Rect part = enclosed(t);
  if (part.empty()) return 0;
  const flowrun::image grey = chip.gray();
  cv::Mat edges;
  cv::Laplacian(flowrun::view(grey)(part), edges, CV_16S);
  cv::Scalar mean, deviation;
  cv::meanStdDev(edges, mean, deviation);
  const double variance = deviation[0] * deviation[0];
  return variance / (variance + middling_variance);
}

double rate_frontal(const face& f) {
  const position left = landmark_of(f, landmark::left_eye), right = landmark_of(f, landmark::right_eye),
                 nose = landmark_of(f, landmark::nose);
  const double x = right.x - left.x, y = right.y - left.y, squared = x * x + y * y;
  if (squared <= 0) return 0;
  const double along = ((nose.x - left.x) * x + (nose.y - left.y) * y) / squared;
  return std::clamp(1 - std::abs(2 * along - 1), 0.0, 1.0);
}

face_quality rate(const face& f, const flowrun::image& chip, const face_template& t, double chip_scale) {
  return {rate_size(chip_scale), rate_sharpness(chip, t), rate_frontal(f)};
}

}  // namespace faces
