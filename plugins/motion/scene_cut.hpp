// Is the current frame the previous one moved, or another scene?
#pragma once
#include <opencv2/core.hpp>

#include "working_frame.hpp"

namespace motion {

struct cut_scratch {
  cv::Mat previous, current;
};

// 1 - the mean structural similarity (SSIM; Wang, Bovik, Sheikh, Simoncelli 2004) of the previous frame and the current
// one moved back along the flow: 0..1. Compared are blocks of 8x8 means of 4x4 working px, weighted by contrast; what
// the flow moves out of the frame is not compared. `vectors`: CV_32FC2, px of the original frame.
double cut_score(const cv::Mat& previous, const cv::Mat& current, const cv::Mat& vectors, pixel_scale scale,
                 cut_scratch& scratch);

}  // namespace motion
