// The kernel for AVX-512 with VNNI: four products of 8 bits a lane, about four times the rate of float32.
#include <immintrin.h>

#include "multiply_avx512.hpp"

namespace hdbscan {
namespace {

constexpr int width = 16;

bool available() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni");
}

// The columns' numbers are unsigned, 128 more than they mean.
void estimate_dots(const block& b, float* dots) {
  alignas(64) std::int32_t sums[block_rows * panel_width];
  HDBSCAN_MULTIPLY_AVX512("vpdpbusd", b, sums);
  for (int r = 0; r < block_rows; ++r) {
    const __m512i correction = _mm512_set1_epi32(b.row_correction[r]);
    const __m512 scale = _mm512_set1_ps(b.row_scale[r]);
    for (int c = 0; c < panel_width; c += width) {
      const int at = r * panel_width + c;
      const __m512 whole = _mm512_cvtepi32_ps(_mm512_add_epi32(_mm512_load_si512(sums + at), correction));
      const __m512 scales = _mm512_mul_ps(scale, _mm512_loadu_ps(b.column_scale + c));
      _mm512_storeu_ps(dots + at, _mm512_mul_ps(whole, scales));
    }
  }
}

}  // namespace

const kernel avx512_int8_kernel = {"avx512_int8",           number::int8, available, estimate_dots, compare_avx512,
                                   squared_distance_avx512, "avx512"};

}  // namespace hdbscan
