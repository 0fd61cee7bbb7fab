// Bridge to OpenCV, without copies. Link opencv_core; the other SDK headers do not need it.
#pragma once
#include <opencv2/core.hpp>

#include "types/image.hpp"

namespace flowrun {

// A view of the image's pixels. They are shared with other stages: read only.
inline cv::Mat view(const image& i) {
  if (i.empty()) return {};
  return {i.height, i.width, CV_8UC(i.channels), const_cast<std::uint8_t*>(i.pixels.get()), i.stride};
}

// An image that keeps the matrix's pixels alive. Write to the matrix no more.
inline image share(cv::Mat m) {
  if (m.empty()) return {};
  if (m.depth() != CV_8U || m.dims != 2 || (m.channels() != 1 && m.channels() != 3 && m.channels() != 4))
    throw std::invalid_argument("an image is a two-dimensional matrix of 8-bit values with 1, 3 or 4 channels");
  image i{m.cols, m.rows, m.channels(), m.step, {}};
  auto owner = std::make_shared<cv::Mat>(std::move(m));
  i.pixels = std::shared_ptr<const std::uint8_t>(owner, owner->data);
  return i;
}

}  // namespace flowrun
