// For every processor; the loops over lanes are left to the compiler's vectors.
#include "blend.hpp"

#include <algorithm>

namespace flowrun::core {
namespace {

void blend(const std::uint8_t* from, std::size_t step, const std::int32_t* weights, int count, std::uint8_t* to) {
  std::int32_t sum[blend_lanes];
  std::fill_n(sum, blend_lanes, axis_weights::one / 2);
  for (int i = 0; i < count; ++i, from += step)
    for (std::size_t lane = 0; lane < blend_lanes; ++lane) sum[lane] += from[lane] * weights[i];
  for (std::size_t lane = 0; lane < blend_lanes; ++lane)
    to[lane] = static_cast<std::uint8_t>(std::clamp(sum[lane] >> axis_weights::bits, 0, 255));
}

void blend_spans(const axis_weights& axis, const std::uint8_t* from, std::uint8_t* to) {
  for (const axis_weights::span& s : axis.spans) {
    blend(from + static_cast<std::size_t>(s.first - axis.low) * blend_lanes, blend_lanes, &axis.weights[s.start],
          s.count, to);
    to += blend_lanes;
  }
}

void blend_rows(const std::uint8_t* from, std::size_t stride, const std::int32_t* weights, int count, std::size_t width,
                std::uint8_t* to) {
  for (std::size_t x = 0; x < width; x += blend_lanes) blend(from + x, stride, weights, count, to + x);
}

}  // namespace

const blend_code plain_blend{blend_spans, blend_rows};

}  // namespace flowrun::core
