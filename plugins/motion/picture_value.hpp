// A grey picture read between its pixels.
#pragma once
#include <algorithm>
#include <cstdint>
#include <opencv2/core.hpp>

namespace motion {

// Bilinear. `grey`: 8 bit, one channel, not empty; 0 <= x <= columns - 1, 0 <= y <= rows - 1.
inline float value_at(const cv::Mat& grey, float x, float y) {
  const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
  const int x1 = std::min(x0 + 1, grey.cols - 1), y1 = std::min(y0 + 1, grey.rows - 1);
  const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
  const auto* upper = grey.ptr<std::uint8_t>(y0);
  const auto* lower = grey.ptr<std::uint8_t>(y1);
  const auto between = [fx](const std::uint8_t* row, int left, int right) {
    return static_cast<float>(row[left]) + fx * static_cast<float>(row[right] - row[left]);
  };
  const float above = between(upper, x0, x1), below = between(lower, x0, x1);
  return above + fy * (below - above);
}

}  // namespace motion
