// How the pixels along one axis of a resize are mixed from those of the source: Pillow's numbers.
#pragma once
#include <flowrun/model_file.hpp>

namespace flowrun::core {

struct resize_axis {
  resize_filter filter = resize_filter::bilinear;
  int size = 0;             // px of the source
  double from = 0, to = 0;  // what is resized of it; where that reaches beyond the source, border pixels repeat
  std::int64_t scaled = 0;  // px of the whole result
  std::int64_t begin = 0;   // of the result, the first pixel that is wanted
  int count = 0;            // and how many
  bool operator==(const resize_axis&) const = default;
};

struct axis_weights {
  static constexpr int bits =
      32 - 8 - 2;  // of the fixed point: 8 for a pixel, 2 for sums of weights beyond 1 and signs
  static constexpr std::int32_t one = 1 << bits;

  struct span {  // source pixels first .. first + count - 1, weights[start] and on
    int first, count;
    std::size_t start;
  };
  std::vector<span> spans;  // one per wanted pixel
  std::vector<std::int32_t> weights;
  int low = 0, high = 0;  // the source pixels that any span takes: low .. high - 1
  bool copies = false;    // every span is one pixel as it is,
  bool in_order = false;  // and they are all from low to high - 1, once each
};

// Replaces what `to` holds, keeping its memory.
void weigh(const resize_axis& axis, axis_weights& to);

}  // namespace flowrun::core
