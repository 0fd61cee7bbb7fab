// How large a picture or frame may be, and how large it is given.
#pragma once
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string>

namespace media {

// Why width x height px, each below 2^32, are too many; empty: they are not.
std::string too_many_pixels(std::uint64_t width, std::uint64_t height, std::uint64_t max_pixels);

// The longer side at most max_side, never enlarged; max_side 0: as it is.
cv::Size scaled_size(std::uint64_t width, std::uint64_t height, int max_side);

// Averaged by area.
cv::Mat shrink(const cv::Mat& pixels, cv::Size size);

}  // namespace media
