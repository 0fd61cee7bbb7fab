// How a camera was held: EXIF's orientation, 1..8.
#pragma once
#include <opencv2/core/mat.hpp>
#include <string_view>

namespace media {

// `exif` is the TIFF structure inside the EXIF data. 1 (upright) where it is missing or makes no sense.
int exif_orientation(std::string_view exif);

// Turns and mirrors the pixels so that the picture stands upright; 5..8 swap width and height.
cv::Mat upright(const cv::Mat& pixels, int orientation);

}  // namespace media
