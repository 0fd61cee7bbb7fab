#include "made_frames.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace motion_test {
namespace {

double uniform(std::mt19937& numbers) {
  return static_cast<double>(numbers()) / 4294967296.0;
}

cv::Point2d centre_of(cv::Size size) {
  return {(size.width - 1) / 2.0, (size.height - 1) / 2.0};
}

// Counter-clockwise on the screen, where y goes down.
cv::Point2d turned(cv::Point2d p, double degrees) {
  const double angle = degrees * CV_PI / 180, c = std::cos(angle), s = std::sin(angle);
  return {c * p.x + s * p.y, -s * p.x + c * p.y};
}

}  // namespace

wave_texture::wave_texture(int seed, double shortest, double longest) {
  std::mt19937 numbers(static_cast<unsigned>(seed));
  for (int i = 0; i < 24; ++i) {
    const double length = shortest * std::pow(longest / shortest, uniform(numbers));
    const double angle = 2 * CV_PI * uniform(numbers), k = 2 * CV_PI / length;
    waves_.push_back({k * std::cos(angle), k * std::sin(angle), 2 * CV_PI * uniform(numbers)});
  }
}

double wave_texture::at(double x, double y) const {
  double sum = 0;
  for (const wave& w : waves_) sum += std::sin(w.along_x * x + w.along_y * y + w.phase);
  return 128 + 12 * sum;
}

cv::Mat made_frame(const wave_texture& texture, cv::Size size, const position_map& from) {
  cv::Mat frame(size, CV_8UC1);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const cv::Point2d p = from({static_cast<double>(x), static_cast<double>(y)});
      frame.at<std::uint8_t>(y, x) = cv::saturate_cast<std::uint8_t>(texture.at(p.x, p.y));
    }
  return frame;
}

cv::Point2d known_motion::to(cv::Point2d p, cv::Size size) const {
  const cv::Point2d c = centre_of(size);
  return c + scale * turned(p - c, degrees) + cv::Point2d(dx, dy);
}
cv::Point2d known_motion::from(cv::Point2d p, cv::Size size) const {
  const cv::Point2d c = centre_of(size);
  return c + turned(p - c - cv::Point2d(dx, dy), -degrees) / scale;
}

cv::Mat moved_frame(const wave_texture& texture, cv::Size size, const known_motion& motion) {
  return made_frame(texture, size, [&](cv::Point2d p) { return motion.from(p, size); });
}

std::vector<double> flow_errors(const cv::Mat& vectors, cv::Size full, const known_motion& motion, double border) {
  const double sx = static_cast<double>(full.width) / vectors.cols;
  const double sy = static_cast<double>(full.height) / vectors.rows;
  const auto inside = [&](cv::Point2d p) {
    return p.x >= border && p.y >= border && p.x <= full.width - 1 - border && p.y <= full.height - 1 - border;
  };
  std::vector<double> errors;
  for (int y = 0; y < vectors.rows; ++y)
    for (int x = 0; x < vectors.cols; ++x) {
      const cv::Point2d p((x + 0.5) * sx - 0.5, (y + 0.5) * sy - 0.5), to = motion.to(p, full);
      if (!inside(p) || !inside(to)) continue;
      const auto& found = vectors.at<cv::Vec2f>(y, x);
      errors.push_back(std::hypot(double{found[0]} - (to.x - p.x), double{found[1]} - (to.y - p.y)));
    }
  std::sort(errors.begin(), errors.end());
  return errors;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double percentile_of(const std::vector<double>& sorted, double percent) {
  return sorted.at(static_cast<std::size_t>(percent / 100 * static_cast<double>(sorted.size() - 1)));
}

}  // namespace motion_test
