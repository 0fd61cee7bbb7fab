#include "picture_size.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace media {

std::string too_many_pixels(std::uint64_t width, std::uint64_t height, std::uint64_t max_pixels) {
  std::uint64_t pixels = width * height;
  if (pixels <= max_pixels) return "";
  return "is " + std::to_string(width) + " x " + std::to_string(height) + " px, that is " + std::to_string(pixels) +
         " pixels, more than max_pixels (" + std::to_string(max_pixels) + "); to read it set max_pixels higher";
}

cv::Size scaled_size(std::uint64_t width, std::uint64_t height, int max_side) {
  std::uint64_t longer = std::max(width, height);
  auto side = [&](std::uint64_t s) {
    if (max_side <= 0 || longer <= static_cast<std::uint64_t>(max_side)) return static_cast<int>(s);
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(s) * max_side / static_cast<double>(longer))));
  };
  return {side(width), side(height)};
}

cv::Mat shrink(const cv::Mat& pixels, cv::Size size) {
  if (size == pixels.size()) return pixels;
  cv::Mat small;
  cv::resize(pixels, small, size, 0, 0, cv::INTER_AREA);
  return small;
}

}  // namespace media
