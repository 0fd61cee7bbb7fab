#include "exif_orientation.hpp"

#include <opencv2/core.hpp>

#include "tiff_directory.hpp"

namespace media {

int exif_orientation(std::string_view exif) {
  auto directory = tiff_directory::open(exif);
  std::uint32_t value = directory ? directory->first(274, 1) : 1;
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

cv::Mat upright(const cv::Mat& pixels, int orientation) {
  constexpr int about_x = 0, about_y = 1, about_both = -1;
  cv::Mat out;
  switch (orientation) {
    case 2:
      cv::flip(pixels, out, about_y);
      return out;
    case 3:
      cv::flip(pixels, out, about_both);
      return out;
    case 4:
      cv::flip(pixels, out, about_x);
      return out;
    case 5:
      cv::transpose(pixels, out);
      return out;
    case 6:
      cv::rotate(pixels, out, cv::ROTATE_90_CLOCKWISE);
      return out;
    case 7:
      cv::transpose(pixels, out);
      cv::flip(out, out, about_both);
      return out;
    case 8:
      cv::rotate(pixels, out, cv::ROTATE_90_COUNTERCLOCKWISE);
      return out;
    default:
      return pixels;
  }
}

}  // namespace media
