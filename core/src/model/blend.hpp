// The inner loops of a resize: weighted sums of bytes, 16 side by side.
#pragma once
#include "axis_weights.hpp"

namespace flowrun::core {

constexpr std::size_t blend_lanes = 16;

// The two loops in one way of computing them; all ways give the same bytes.
struct blend_code {
  // For every span, the weighted sum of its groups of 16 bytes; `from` is group number axis.low.
  void (*spans)(const axis_weights& axis, const std::uint8_t* from, std::uint8_t* to);

  // The weighted sum of `count` rows, for `width` bytes rounded up to a multiple of 16.
  void (*rows)(const std::uint8_t* from, std::size_t stride, const std::int32_t* weights, int count, std::size_t width,
               std::uint8_t* to);
};

extern const blend_code plain_blend;
// Null where it is not compiled in or this processor cannot run it.
const blend_code* avx2_blend();

inline const blend_code& fastest_blend() {
  const blend_code* avx2 = avx2_blend();
  return avx2 ? *avx2 : plain_blend;
}

}  // namespace flowrun::core
