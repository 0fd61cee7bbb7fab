// flowrun::image: 8-bit pixels, shared and immutable.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

namespace flowrun {

// 1 channel: grey; 3: BGR; 4: BGRA; interleaved. Rows start every `stride` bytes, which is at least width x channels.
struct image {
  static constexpr auto port = "flowrun.image/1";

  int width = 0, height = 0;  // px
  int channels = 0;
  std::size_t stride = 0;  // bytes
  std::shared_ptr<const std::uint8_t> pixels;

  bool empty() const { return width == 0 || height == 0; }
  const std::uint8_t* row(int y) const { return pixels.get() + static_cast<std::size_t>(y) * stride; }

  // Luma after ITU-R BT.601, rounded; equal to OpenCV's cvtColor. A grey image is returned as it is.
  image gray() const;
  // f(std::uint8_t) -> std::uint8_t on every byte.
  template <class F> image map(F f) const;

  friend std::size_t bytes(const image& i) { return i.stride * static_cast<std::size_t>(i.height); }
  // For hashing: `sink(const void* bytes, std::size_t size)`.
  template <class Sink> friend void content(const image& i, const Sink& sink) {
    const int head[] = {i.width, i.height, i.channels};
    sink(head, sizeof head);
    for (int y = 0; y < i.height; ++y)
      sink(i.row(y), static_cast<std::size_t>(i.width) * static_cast<std::size_t>(i.channels));
  }
  friend bool operator==(const image& a, const image& b) {
    if (a.width != b.width || a.height != b.height || a.channels != b.channels) return false;
    if (a.empty()) return true;
    for (int y = 0; y < a.height; ++y)
      if (std::memcmp(a.row(y), b.row(y), static_cast<std::size_t>(a.width) * static_cast<std::size_t>(a.channels)) !=
          0)
        return false;
    return true;
  }
};

// Pixels while they are being written; freeze() makes them an image.
class image_buffer {
 public:
  // Throws std::invalid_argument unless width and height are positive and channels 1, 3 or 4.
  image_buffer(int width, int height, int channels) : width_(width), height_(height), channels_(channels) {
    if (width <= 0 || height <= 0 || (channels != 1 && channels != 3 && channels != 4))
      throw std::invalid_argument("an image has a positive size and 1, 3 or 4 channels");
    stride_ = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
    pixels_.reset(new std::uint8_t[stride_ * static_cast<std::size_t>(height)]);
  }
  std::uint8_t* row(int y) { return pixels_.get() + static_cast<std::size_t>(y) * stride_; }
  image freeze() && {
    std::shared_ptr<const std::uint8_t> shared(pixels_.release(), std::default_delete<const std::uint8_t[]>());
    return {width_, height_, channels_, stride_, std::move(shared)};
  }

 private:
  int width_, height_, channels_;
  std::size_t stride_ = 0;
  std::unique_ptr<std::uint8_t[]> pixels_;
};

inline image image::gray() const {
  if (channels == 1 || empty()) return *this;
  image_buffer out(width, height, 1);
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = row(y);
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < width; ++x, from += channels)
      to[x] = static_cast<std::uint8_t>((from[0] * 3735 + from[1] * 19235 + from[2] * 9798 + (1 << 14)) >> 15);
  }
  return std::move(out).freeze();
}

template <class F> image image::map(F f) const {
  if (empty()) return *this;
  image_buffer out(width, height, channels);
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = row(y);
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < width * channels; ++x) to[x] = f(from[x]);
  }
  return std::move(out).freeze();
}

}  // namespace flowrun
