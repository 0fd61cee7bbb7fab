#include "flow_samples.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace motion {
namespace {

constexpr int cell = 8;                // working px
constexpr double enough_texture = 12;  // (luma per 2 px)^2: above what compression and sensor noise bring

// Mean smaller eigenvalue over the cell; differences reach one pixel beyond it, clamped to the frame.
double texture_at(const cv::Mat& grey, int x0, int y0) {
  const int x1 = std::min(x0 + cell, grey.cols), y1 = std::min(y0 + cell, grey.rows);
  std::int64_t sxx = 0, sxy = 0, syy = 0;
  for (int y = y0; y < y1; ++y) {
    const auto* row = grey.ptr<std::uint8_t>(y);
    const auto* above = grey.ptr<std::uint8_t>(std::max(y - 1, 0));
    const auto* below = grey.ptr<std::uint8_t>(std::min(y + 1, grey.rows - 1));
    for (int x = x0; x < x1; ++x) {
      const int gx = row[std::min(x + 1, grey.cols - 1)] - row[std::max(x - 1, 0)], gy = below[x] - above[x];
      sxx += gx * gx;
      sxy += gx * gy;
      syy += gy * gy;
    }
  }
  const auto xx = static_cast<double>(sxx), xy = static_cast<double>(sxy), yy = static_cast<double>(syy);
  const double smaller = (xx + yy - std::sqrt((xx - yy) * (xx - yy) + 4 * xy * xy)) / 2;
  return smaller / ((x1 - x0) * (y1 - y0));
}

}  // namespace

std::vector<flow_sample> take_flow_samples(const cv::Mat& grey, const cv::Mat& vectors, pixel_scale scale) {
  std::vector<double> texture;
  for (int y = 0; y < grey.rows; y += cell)
    for (int x = 0; x < grey.cols; x += cell) texture.push_back(texture_at(grey, x, y));

  std::vector<double> sorted = texture;
  const auto quarter = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() - 1 - sorted.size() / 4);
  std::nth_element(sorted.begin(), quarter, sorted.end());
  const double least = std::min(enough_texture, *quarter);

  std::vector<flow_sample> samples;
  std::size_t i = 0;
  for (int y = 0; y < grey.rows; y += cell)
    for (int x = 0; x < grey.cols; x += cell) {
      if (texture[i++] < least) continue;
      const int cx = std::min(x + cell / 2, grey.cols - 1), cy = std::min(y + cell / 2, grey.rows - 1);
      const auto& vector = vectors.at<cv::Vec2f>(cy, cx);
      samples.push_back({(cx - (grey.cols - 1) / 2.0) * scale.x, (cy - (grey.rows - 1) / 2.0) * scale.y,
                         double{vector[0]}, double{vector[1]}});
    }
  return samples;
}

}  // namespace motion
