// Flow vectors that can be trusted: those of cells whose texture leaves no direction open.
#pragma once
#include <opencv2/core.hpp>
#include <vector>

#include "working_frame.hpp"

namespace motion {

struct flow_sample {
  double x = 0, y = 0;  // px of the original frame, from the image centre
  double u = 0, v = 0;  // px of the original frame
};

// One per textured cell of 8x8 working px, at its centre, in rows. Texture is the smaller eigenvalue of the cell's
// structure tensor (Shi & Tomasi 1994); the quarter of cells with most texture is always there.
std::vector<flow_sample> take_flow_samples(const cv::Mat& grey, const cv::Mat& vectors, pixel_scale scale);

}  // namespace motion
