// Length and direction of the flow vectors of a picture.
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <optional>

namespace motion {

struct flow_statistics {
  double mean = 0, max = 0;  // px
  double moving = 0;         // 0..1, share of vectors longer than min_magnitude
  std::optional<double> direction;
  double strength = 0;  // 0..1
  std::array<float, 8> histogram{};
};

// `vectors`: CV_32FC2, px, not empty. Fields as frame_motion.hpp says.
flow_statistics find_statistics(const cv::Mat& vectors, double min_magnitude);

}  // namespace motion
