// Transparency: what shines through is white.
#pragma once
#include <opencv2/core/mat.hpp>

namespace media {

// BGRA to BGR, 8 bit.
cv::Mat on_white(const cv::Mat& bgra);

}  // namespace media
