// Resizes 8-bit images to the values that Pillow's Image.resize gives: two passes, first across, then down, with 8 bits
// between them.
#pragma once
#include <flowrun/rows.hpp>

#include "axis_weights.hpp"

namespace flowrun::core {

struct resize_request {
  resize_filter filter = resize_filter::bilinear;
  rect from;                           // of the image; pixels beside it count too, as with Pillow's `box`
  std::int64_t width = 0, height = 0;  // of the whole result
  std::int64_t left = 0, top = 0;      // the part of the result that is wanted
  int columns = 0, rows = 0;
  bool gray = false;  // image::gray() of what is read, before the resize
};

struct resized_pixels {
  const std::uint8_t* first = nullptr;
  std::size_t stride = 0;
  int channels = 0;
  const std::uint8_t* row(int y) const { return first + static_cast<std::size_t>(y) * stride; }
};

// Holds the memory and the last coefficients: one per thread.
class resampler {
 public:
  // Of an image with pixels and a request without an empty side. The result is there until the next call.
  resized_pixels resize(const image& from, const resize_request& want);

 private:
  struct cached_axis {
    resize_axis of;
    axis_weights weights;
    void update(const resize_axis& wanted);
  };
  void copy_across(const image& from);
  void blend_across(const image& from);
  void blend_down(std::size_t width);

  cached_axis across_, down_;
  std::vector<std::uint8_t> lanes_, blended_, between_, result_;
  std::size_t stride_ = 0;  // of between_ and result_
};

}  // namespace flowrun::core
