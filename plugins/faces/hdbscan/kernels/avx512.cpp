// The kernel for AVX-512, and what those with shorter numbers share with it.
#include <immintrin.h>

#include "multiply_avx512.hpp"

namespace hdbscan {
namespace {

constexpr int lanes = 32, width = 16;

bool available() {
  return __builtin_cpu_supports("avx512f");
}

void estimate_dots(const block& b, float* dots) {
  HDBSCAN_MULTIPLY_AVX512("vfmadd231ps", b, dots);
}

struct distance_sums {
  __m512d s0, s1, s2, s3;  // lanes 0 to 7, 8 to 15, ...

  static __m512d square(const float* a, const float* b) {
    const __m512d difference = _mm512_sub_pd(_mm512_cvtps_pd(_mm256_loadu_ps(a)), _mm512_cvtps_pd(_mm256_loadu_ps(b)));
    return _mm512_mul_pd(difference, difference);
  }
  void add(const float* a, const float* b) {
    s0 = _mm512_add_pd(s0, square(a, b));
    s1 = _mm512_add_pd(s1, square(a + 8, b + 8));
    s2 = _mm512_add_pd(s2, square(a + 16, b + 16));
    s3 = _mm512_add_pd(s3, square(a + 24, b + 24));
  }
};

}  // namespace

void compare_avx512(const float* dots, const block_side& rows, const block_side& columns, std::uint64_t* kept) {
  __m512 half[3], limit[3];
  for (int v = 0; v < 3; ++v) {
    half[v] = _mm512_loadu_ps(columns.half + v * width);
    limit[v] = _mm512_loadu_ps(columns.limit + v * width);
  }
  for (int r = 0; r < block_rows; ++r) {
    const __m512 row_half = _mm512_set1_ps(rows.half[r]), row_limit = _mm512_set1_ps(rows.limit[r]);
    kept[r] = 0;
    for (int v = 0; v < 3; ++v) {
      const __m512 least = _mm512_add_ps(_mm512_add_ps(row_half, half[v]), _mm512_min_ps(limit[v], row_limit));
      const __m512 dot = _mm512_loadu_ps(dots + r * panel_width + v * width);
      kept[r] |= static_cast<std::uint64_t>(_mm512_cmp_ps_mask(dot, least, _CMP_GT_OQ)) << (v * width);
    }
  }
}

double squared_distance_avx512(const float* a, const float* b, std::size_t dims) {
  const __m512d zero = _mm512_setzero_pd();
  distance_sums sums{zero, zero, zero, zero};
  std::size_t k = 0;
  for (; k + lanes <= dims; k += lanes) sums.add(a + k, b + k);
  if (k < dims) {
    float last_a[lanes] = {}, last_b[lanes] = {};
    for (std::size_t l = 0; k + l < dims; ++l) last_a[l] = a[k + l], last_b[l] = b[k + l];
    sums.add(last_a, last_b);
  }
  const __m512d eight = _mm512_add_pd(_mm512_add_pd(sums.s0, sums.s2), _mm512_add_pd(sums.s1, sums.s3));
  const __m256d four = _mm256_add_pd(_mm512_castpd512_pd256(eight), _mm512_extractf64x4_pd(eight, 1));
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

const kernel avx512_kernel = {"avx512",       number::float32,         available, estimate_dots,
                              compare_avx512, squared_distance_avx512, nullptr};

}  // namespace hdbscan
