// For x86-64 with AVX2: SSE2 cannot multiply vectors of 32-bit numbers, and g++ 12 widens bytes one at a time.
#include "blend.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace flowrun::core {
namespace {

#define FLOWRUN_AVX2 __attribute__((target("avx2")))

FLOWRUN_AVX2 inline __m256i widen(const std::uint8_t* from) {
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)));
}

FLOWRUN_AVX2 inline void blend(const std::uint8_t* from, std::size_t step, const std::int32_t* weights, int count,
                               std::uint8_t* to) {
  __m256i left = _mm256_set1_epi32(axis_weights::one / 2), right = left;
  for (int i = 0; i < count; ++i, from += step) {
    const __m256i weight = _mm256_set1_epi32(weights[i]);
    left = _mm256_add_epi32(left, _mm256_mullo_epi32(widen(from), weight));
    right = _mm256_add_epi32(right, _mm256_mullo_epi32(widen(from + 8), weight));
  }
  // Packing clips. It goes by halves of a vector, so the middle quarters have to change places.
  const __m256i words = _mm256_permute4x64_epi64(
      _mm256_packs_epi32(_mm256_srai_epi32(left, axis_weights::bits), _mm256_srai_epi32(right, axis_weights::bits)),
      0b11011000);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                   _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
}

FLOWRUN_AVX2 void blend_spans(const axis_weights& axis, const std::uint8_t* from, std::uint8_t* to) {
  for (const axis_weights::span& s : axis.spans) {
    blend(from + static_cast<std::size_t>(s.first - axis.low) * blend_lanes, blend_lanes, &axis.weights[s.start],
          s.count, to);
    to += blend_lanes;
  }
}

FLOWRUN_AVX2 void blend_rows(const std::uint8_t* from, std::size_t stride, const std::int32_t* weights, int count,
                             std::size_t width, std::uint8_t* to) {
  for (std::size_t x = 0; x < width; x += blend_lanes) blend(from + x, stride, weights, count, to + x);
}

constexpr blend_code code{blend_spans, blend_rows};

}  // namespace

const blend_code* avx2_blend() {
  return __builtin_cpu_supports("avx2") ? &code : nullptr;
}

}  // namespace flowrun::core

#else

const flowrun::core::blend_code* flowrun::core::avx2_blend() {
  return nullptr;
}

#endif
