#include "flow_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace motion {
namespace {

constexpr double least_strength = 0.05;

// Eighths of a turn, counter-clockwise from the right, each centred on its direction; y goes down.
std::size_t direction_bin(float x, float y) {
  constexpr float tangent = 0.41421356f;  // of 22.5 degrees
  const float ax = std::abs(x), ay = std::abs(y);
  if (ay < tangent * ax) return x > 0 ? 0 : 4;
  if (ax < tangent * ay) return y < 0 ? 2 : 6;
  if (y < 0) return x > 0 ? 1 : 3;
  return x > 0 ? 7 : 5;
}

}  // namespace

flow_statistics find_statistics(const cv::Mat& vectors, double min_magnitude) {
  const auto least = static_cast<float>(min_magnitude);
  double sum = 0, x_sum = 0, y_sum = 0;
  float longest = 0;
  std::size_t moving = 0;
  std::array<double, 8> bins{};
  for (int y = 0; y < vectors.rows; ++y) {
    const auto* row = vectors.ptr<cv::Vec2f>(y);
    for (int x = 0; x < vectors.cols; ++x) {
      const float u = row[x][0], v = row[x][1], length = std::sqrt(u * u + v * v);
      sum += double{length};
      longest = std::max(longest, length);
      if (length <= least) continue;
      ++moving;
      x_sum += double{u};
      y_sum += double{v};
      bins[direction_bin(u, v)] += double{length};
    }
  }
  const auto count = static_cast<double>(vectors.total());
  flow_statistics found;
  found.mean = sum / count;
  found.max = double{longest};
  found.moving = static_cast<double>(moving) / count;
  double moving_sum = 0;
  for (double bin : bins) moving_sum += bin;
  if (!(moving_sum > 0)) return found;
  for (std::size_t i = 0; i < bins.size(); ++i) found.histogram[i] = static_cast<float>(bins[i] / moving_sum);
  found.strength = std::min(1.0, std::hypot(x_sum, y_sum) / moving_sum);
  if (found.strength >= least_strength) {
    const double angle = std::atan2(-y_sum, x_sum) * 180 / CV_PI;
    found.direction = angle < 0 ? std::fmod(angle + 360, 360) : angle + 0.0;
  }
  return found;
}

}  // namespace motion
