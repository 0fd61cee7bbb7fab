// The kernel for AVX2 with FMA.
#include <immintrin.h>

#include "kernel.hpp"

namespace hdbscan {
namespace {

constexpr int lanes = 32, width = 8, part_rows = 4, part_vectors = 3;

bool available() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

// 12 sums, 3 columns' vectors and a row's number fill the 16 registers.
void estimate_part(const float* rows, const float* columns, long steps, float* dots) {
  __m256 sums[part_rows][part_vectors];
  for (int r = 0; r < part_rows; ++r)
    for (int v = 0; v < part_vectors; ++v) sums[r][v] = _mm256_setzero_ps();
  for (long s = 0; s < steps; ++s, rows += panel_width, columns += panel_width) {
    const __m256 c0 = _mm256_loadu_ps(columns), c1 = _mm256_loadu_ps(columns + 8), c2 = _mm256_loadu_ps(columns + 16);
    for (int r = 0; r < part_rows; ++r) {
      const __m256 row = _mm256_broadcast_ss(rows + r);
      sums[r][0] = _mm256_fmadd_ps(row, c0, sums[r][0]);
      sums[r][1] = _mm256_fmadd_ps(row, c1, sums[r][1]);
      sums[r][2] = _mm256_fmadd_ps(row, c2, sums[r][2]);
    }
  }
  for (int r = 0; r < part_rows; ++r)
    for (int v = 0; v < part_vectors; ++v) _mm256_storeu_ps(dots + r * panel_width + v * width, sums[r][v]);
}

void estimate_dots(const block& b, float* dots) {
  const float* const rows = static_cast<const float*>(b.rows);
  const float* const columns = static_cast<const float*>(b.columns);
  for (int c = 0; c < panel_width; c += part_vectors * width)
    for (int r = 0; r < block_rows; r += part_rows)
      estimate_part(rows + r, columns + c, b.steps, dots + r * panel_width + c);
}

void compare(const float* dots, const block_side& rows, const block_side& columns, std::uint64_t* kept) {
  for (int r = 0; r < block_rows; ++r) {
    const __m256 half = _mm256_set1_ps(rows.half[r]), limit = _mm256_set1_ps(rows.limit[r]);
    kept[r] = 0;
    for (int c = 0; c < panel_width; c += width) {
      const __m256 halves = _mm256_add_ps(half, _mm256_loadu_ps(columns.half + c));
      const __m256 least = _mm256_add_ps(halves, _mm256_min_ps(_mm256_loadu_ps(columns.limit + c), limit));
      const __m256 above = _mm256_cmp_ps(_mm256_loadu_ps(dots + r * panel_width + c), least, _CMP_GT_OQ);
      kept[r] |= static_cast<std::uint64_t>(_mm256_movemask_ps(above)) << c;
    }
  }
}

struct distance_sums {
  __m256d of[lanes / 4];

  void add(const float* a, const float* b) {
    for (int l = 0; l < lanes; l += 4) {
      const __m256d difference =
          _mm256_sub_pd(_mm256_cvtps_pd(_mm_loadu_ps(a + l)), _mm256_cvtps_pd(_mm_loadu_ps(b + l)));
      of[l / 4] = _mm256_add_pd(of[l / 4], _mm256_mul_pd(difference, difference));
    }
  }
};

double squared_distance(const float* a, const float* b, std::size_t dims) {
  distance_sums sums;
  for (__m256d& sum : sums.of) sum = _mm256_setzero_pd();
  std::size_t k = 0;
  for (; k + lanes <= dims; k += lanes) sums.add(a + k, b + k);
  if (k < dims) {
    float last_a[lanes] = {}, last_b[lanes] = {};
    for (std::size_t l = 0; k + l < dims; ++l) last_a[l] = a[k + l], last_b[l] = b[k + l];
    sums.add(last_a, last_b);
  }
  for (int half = lanes / 8; half > 0; half /= 2)
    for (int l = 0; l < half; ++l) sums.of[l] = _mm256_add_pd(sums.of[l], sums.of[l + half]);
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(sums.of[0]), _mm256_extractf128_pd(sums.of[0], 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

}  // namespace

const kernel avx2_kernel = {"avx2", number::float32, available, estimate_dots, compare, squared_distance, nullptr};

}  // namespace hdbscan
