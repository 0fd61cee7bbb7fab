// Frames of known motion for tests: a texture known at every point, so that a moved frame is exact and not
// interpolated.
#pragma once
#include <functional>
#include <opencv2/core.hpp>
#include <vector>

namespace motion_test {

// A sum of plane waves around luma 128.
class wave_texture {
 public:
  // Wavelengths in px.
  wave_texture(int seed, double shortest, double longest);
  double at(double x, double y) const;

 private:
  struct wave {
    double along_x, along_y, phase;
  };
  std::vector<wave> waves_;
};

// Where a point of the frame was in the texture.
using position_map = std::function<cv::Point2d(cv::Point2d)>;

cv::Mat made_frame(const wave_texture& texture, cv::Size size, const position_map& from);

// Turned by `degrees` (counter-clockwise on the screen) and grown about the frame's centre, then shifted.
struct known_motion {
  double dx = 0, dy = 0, degrees = 0, scale = 1;

  cv::Point2d to(cv::Point2d p, cv::Size size) const;
  cv::Point2d from(cv::Point2d p, cv::Size size) const;
};
cv::Mat moved_frame(const wave_texture& texture, cv::Size size, const known_motion& motion);

// |vector - true motion| of every pixel that is at least `border` px inside both frames, px of the original frame,
// ascending. `vectors` may be smaller than `full`.
std::vector<double> flow_errors(const cv::Mat& vectors, cv::Size full, const known_motion& motion, double border);
double mean_of(const std::vector<double>& values);
// `sorted` ascending.
double percentile_of(const std::vector<double>& sorted, double percent);

}  // namespace motion_test
