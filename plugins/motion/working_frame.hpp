// The grey picture of limited size that flow is computed on.
#pragma once
#include <opencv2/core.hpp>

namespace motion {

// Px of the original frame per px of the working frame.
struct pixel_scale {
  double x = 1, y = 1;
};

// `full`, made smaller so that its longer side is at most `max_side` (0: no limit); each side at least 1 px.
cv::Size working_size(cv::Size full, int max_side);
pixel_scale scale_between(cv::Size full, cv::Size working);

// Luma after ITU-R BT.601, made smaller to `size`, in continuous memory; may be `pixels` itself. `pixels`: 8 bit, 1
// (grey), 3 (BGR) or 4 (BGRA) channels; not empty; throws std::invalid_argument on another format. `grey` is
// kept memory; the result may be a view of `grey` or `small`.
cv::Mat make_working_frame(const cv::Mat& pixels, cv::Size size, cv::Mat& grey, cv::Mat& small);

}  // namespace motion
