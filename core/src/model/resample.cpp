// The passes of a resize over rows of pixels.
#include "resample.hpp"

#include <algorithm>

#include "blend.hpp"

namespace flowrun::core {
namespace {

void grow(std::vector<std::uint8_t>& v, std::size_t size) {
  if (v.size() < size) v.resize(size);
}

image part_of(const image& from, int x, int y, int width, int height) {
  const std::uint8_t* first = from.row(y) + static_cast<std::size_t>(x) * static_cast<std::size_t>(from.channels);
  return {width, height, from.channels, from.stride, std::shared_ptr<const std::uint8_t>(from.pixels, first)};
}

// How many rows fill a group of lanes: a pixel of 3 or 4 channels takes four.
int rows_together(int channels) {
  return static_cast<int>(blend_lanes) / (channels == 1 ? 1 : 4);
}

// Rows y, y + 1, ... side by side, so that a pixel of all of them is one group. The last row stands in for those that
// are not there.
void gather(const image& from, int y, std::uint8_t* to) {
  const std::uint8_t* rows[blend_lanes];
  const int together = rows_together(from.channels);
  for (int r = 0; r < together; ++r) rows[r] = from.row(std::min(y + r, from.height - 1));
  if (from.channels == 1) {
    for (int x = 0; x < from.width; ++x)
      for (int r = 0; r < together; ++r) *to++ = rows[r][x];
    return;
  }
  const auto channels = static_cast<std::size_t>(from.channels);
  std::size_t at = 0;
  // A fourth byte is there to read behind every pixel but the last.
  for (int x = 0; x + 1 < from.width; ++x, at += channels)
    for (int r = 0; r < together; ++r, to += 4) std::memcpy(to, rows[r] + at, 4);
  for (int r = 0; r < together; ++r, to += 4) std::memcpy(to, rows[r] + at, channels);
}

// Back into rows; writes up to 3 bytes behind each.
void scatter(const std::uint8_t* groups, std::size_t columns, int channels, int rows, std::size_t stride,
             std::uint8_t* to) {
  const std::size_t each = channels == 1 ? 1 : 4, step = static_cast<std::size_t>(channels);
  for (int r = 0; r < rows; ++r, to += stride, groups += each) {
    const std::uint8_t* from = groups;
    std::uint8_t* at = to;
    if (channels == 1)
      for (std::size_t x = 0; x < columns; ++x, from += blend_lanes) *at++ = *from;
    else
      for (std::size_t x = 0; x < columns; ++x, from += blend_lanes, at += step) std::memcpy(at, from, 4);
  }
}

template <std::size_t channels> void copy_pixels(const axis_weights& axis, const std::uint8_t* from, std::uint8_t* to) {
  for (const axis_weights::span& s : axis.spans) {
    std::memcpy(to, from + static_cast<std::size_t>(s.first - axis.low) * channels, channels);
    to += channels;
  }
}

}  // namespace

void resampler::cached_axis::update(const resize_axis& wanted) {
  if (of == wanted) return;
  of = {};  // until the weights are whole: there may be no memory for them
  weigh(wanted, weights);
  of = wanted;
}

void resampler::copy_across(const image& from) {
  const axis_weights& axis = across_.weights;
  const auto columns = axis.spans.size(), channels = static_cast<std::size_t>(from.channels);
  for (int y = 0; y < from.height; ++y) {
    std::uint8_t* to = between_.data() + static_cast<std::size_t>(y) * stride_;
    if (axis.in_order)
      std::memcpy(to, from.row(y), columns * channels);
    else if (channels == 1)
      copy_pixels<1>(axis, from.row(y), to);
    else if (channels == 3)
      copy_pixels<3>(axis, from.row(y), to);
    else
      copy_pixels<4>(axis, from.row(y), to);
  }
}

void resampler::blend_across(const image& from) {
  const std::size_t columns = across_.weights.spans.size();
  grow(lanes_, static_cast<std::size_t>(from.width) * blend_lanes);
  grow(blended_, columns * blend_lanes);
  const blend_code& code = fastest_blend();
  const int together = rows_together(from.channels);
  for (int y = 0; y < from.height; y += together) {
    gather(from, y, lanes_.data());
    code.spans(across_.weights, lanes_.data(), blended_.data());
    scatter(blended_.data(), columns, from.channels, std::min(together, from.height - y), stride_,
            between_.data() + static_cast<std::size_t>(y) * stride_);
  }
}

void resampler::blend_down(std::size_t width) {
  const axis_weights& axis = down_.weights;
  const blend_code& code = fastest_blend();
  std::uint8_t* to = result_.data();
  for (const axis_weights::span& s : axis.spans) {
    code.rows(between_.data() + static_cast<std::size_t>(s.first - axis.low) * stride_, stride_, &axis.weights[s.start],
              s.count, width, to);
    to += stride_;
  }
}

resized_pixels resampler::resize(const image& from, const resize_request& want) {
  across_.update(
      {want.filter, from.width, want.from.x, want.from.x + want.from.width, want.width, want.left, want.columns});
  down_.update(
      {want.filter, from.height, want.from.y, want.from.y + want.from.height, want.height, want.top, want.rows});
  const axis_weights &across = across_.weights, &down = down_.weights;
  image read = part_of(from, across.low, down.low, across.high - across.low, down.high - down.low);
  if (want.gray) read = read.gray();

  const std::size_t width = across.spans.size() * static_cast<std::size_t>(read.channels);
  // A multiple of the lanes, with room for what scatter writes behind a row.
  stride_ = (width + 3 + blend_lanes - 1) / blend_lanes * blend_lanes;
  grow(between_, stride_ * static_cast<std::size_t>(read.height));
  if (across.copies)
    copy_across(read);
  else
    blend_across(read);
  if (down.in_order) return {between_.data(), stride_, read.channels};
  grow(result_, stride_ * down.spans.size());
  blend_down(width);
  return {result_.data(), stride_, read.channels};
}

}  // namespace flowrun::core
