#include "working_frame.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace motion {

cv::Size working_size(cv::Size full, int max_side) {
  const int longer = std::max(full.width, full.height);
  if (max_side <= 0 || longer <= max_side) return full;
  const double factor = static_cast<double>(max_side) / longer;
  return {std::max(1, static_cast<int>(std::lround(full.width * factor))),
          std::max(1, static_cast<int>(std::lround(full.height * factor)))};
}

pixel_scale scale_between(cv::Size full, cv::Size working) {
  return {static_cast<double>(full.width) / working.width, static_cast<double>(full.height) / working.height};
}

cv::Mat make_working_frame(const cv::Mat& pixels, cv::Size size, cv::Mat& grey, cv::Mat& small) {
  if (pixels.depth() != CV_8U || (pixels.channels() != 1 && pixels.channels() != 3 && pixels.channels() != 4))
    throw std::invalid_argument("a picture has 1, 3 or 4 channels of 8 bits");
  cv::Mat luma = pixels;
  if (pixels.channels() != 1) {
    cv::cvtColor(pixels, grey, pixels.channels() == 3 ? cv::COLOR_BGR2GRAY : cv::COLOR_BGRA2GRAY);
    luma = grey;
  }
  if (luma.size() != size) {
    // Below half size a mean over areas, which linear reading between pixels is not; above, it takes a tenth of the
    // time.
    const bool area = luma.cols >= 2 * size.width || luma.rows >= 2 * size.height;
    cv::resize(luma, small, size, 0, 0, area ? cv::INTER_AREA : cv::INTER_LINEAR);
    return small;
  }
  if (luma.isContinuous()) return luma;
  luma.copyTo(small);
  return small;
}

}  // namespace motion
