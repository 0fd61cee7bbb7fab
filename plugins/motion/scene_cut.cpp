#include "scene_cut.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

#include "picture_value.hpp"

namespace motion {
namespace {

constexpr int shrink = 4, block = 8;
constexpr double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;  // SSIM's

struct block_sums {
  int n = 0;
  double a = 0, b = 0, aa = 0, bb = 0, ab = 0;

  void add(double p, double q) {
    ++n;
    a += p;
    b += q;
    aa += p * p;
    bb += q * q;
    ab += p * q;
  }
};

struct block_match {
  double similarity = 0, weight = 0;
};

block_match match(const block_sums& s) {
  const double ma = s.a / s.n, mb = s.b / s.n;
  const double va = std::max(0.0, s.aa / s.n - ma * ma), vb = std::max(0.0, s.bb / s.n - mb * mb);
  const double covariance = s.ab / s.n - ma * mb;
  const double similarity = (2 * ma * mb + c1) * (2 * covariance + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
  return {std::max(0.0, similarity), std::sqrt(std::max(va, vb) + c2 / 2)};
}

// `previous`, `current`: the shrunk frames. `per_px`: shrunk px per px of the original frame.
block_sums compare_block(const cv::Mat& previous, const cv::Mat& current, const cv::Mat& vectors, int x0, int y0,
                         pixel_scale per_px) {
  block_sums sums;
  for (int y = y0; y < std::min(y0 + block, previous.rows); ++y) {
    const auto* flow = vectors.ptr<cv::Vec2f>(std::min(y * shrink + shrink / 2, vectors.rows - 1));
    for (int x = x0; x < std::min(x0 + block, previous.cols); ++x) {
      const auto& vector = flow[std::min(x * shrink + shrink / 2, vectors.cols - 1)];
      const double to_x = x + double{vector[0]} * per_px.x, to_y = y + double{vector[1]} * per_px.y;
      if (to_x < 0 || to_y < 0 || to_x > current.cols - 1 || to_y > current.rows - 1) continue;
      sums.add(previous.at<std::uint8_t>(y, x),
               double{value_at(current, static_cast<float>(to_x), static_cast<float>(to_y))});
    }
  }
  return sums;
}

}  // namespace

double cut_score(const cv::Mat& previous, const cv::Mat& current, const cv::Mat& vectors, pixel_scale scale,
                 cut_scratch& scratch) {
  const cv::Size size(std::max(1, previous.cols / shrink), std::max(1, previous.rows / shrink));
  cv::resize(previous, scratch.previous, size, 0, 0, cv::INTER_AREA);
  cv::resize(current, scratch.current, size, 0, 0, cv::INTER_AREA);
  const pixel_scale per_px{size.width / (scale.x * previous.cols), size.height / (scale.y * previous.rows)};
  double sum = 0, weights = 0;
  for (int y = 0; y < size.height; y += block)
    for (int x = 0; x < size.width; x += block) {
      const block_sums sums = compare_block(scratch.previous, scratch.current, vectors, x, y, per_px);
      const int pixels = std::min(block, size.width - x) * std::min(block, size.height - y);
      if (2 * sums.n < pixels) continue;
      const block_match found = match(sums);
      sum += found.weight * found.similarity;
      weights += found.weight;
    }
  return weights > 0 ? std::clamp(1 - sum / weights, 0.0, 1.0) : 1;
}

}  // namespace motion
