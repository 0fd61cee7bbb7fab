// The kernel for AVX-512 with BF16: half the bytes of float32. Some machines have it faster than float32, some slower.
#include "multiply_avx512.hpp"

namespace hdbscan {
namespace {

bool available() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bf16");
}

void estimate_dots(const block& b, float* dots) {
  HDBSCAN_MULTIPLY_AVX512("vdpbf16ps", b, dots);
}

}  // namespace

const kernel avx512_bfloat16_kernel = {"avx512_bfloat16", number::bfloat16,        available, estimate_dots,
                                       compare_avx512,    squared_distance_avx512, "avx512"};

}  // namespace hdbscan
