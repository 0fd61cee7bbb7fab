// fma_peak THREADS: multiply-adds from registers only, in 10^9 operations a second by all threads together, a
// multiplication and an addition being two; as JSON by kind of number. What the inner loops of HDBSCAN* are measured
// by.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

constexpr long rounds = 20'000'000, instructions = 24;

// 24 chains, so that no addition waits for the one before.
#define FMA_LOOP(instruction, registers, bank)                                                                    \
  [] {                                                                                                            \
    long left = rounds;                                                                                           \
    asm volatile("1:\n\t.irp r," registers "\n\t" instruction " %%" bank "13, %%" bank "14, %%" bank              \
                 "\\r\n\t.endr\n\t"                                                                               \
                 "dec %0\n\tjnz 1b"                                                                               \
                 : "+r"(left)                                                                                     \
                 :                                                                                                \
                 : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
                   "xmm11", "xmm12");                                                                             \
  }

// Twelve of them twice: there are 16 registers that need no naming of AVX-512 to the compiler.
#define TWICE "0,1,2,3,4,5,6,7,8,9,10,11,0,1,2,3,4,5,6,7,8,9,10,11"

struct kind {
  const char* name;
  bool here;
  double operations;  // of one instruction
  void (*run)();
};

double measure(const kind& k, int threads) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) all.emplace_back(k.run);
  for (std::thread& t : all) t.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return threads * static_cast<double>(rounds * instructions) * k.operations / seconds / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  std::vector<kind> kinds;
#ifdef __x86_64__
  const bool wide = __builtin_cpu_supports("avx512f");
  kinds = {{"avx2", static_cast<bool>(__builtin_cpu_supports("fma")), 16, FMA_LOOP("vfmadd231ps", TWICE, "ymm")},
           {"avx512", wide, 32, FMA_LOOP("vfmadd231ps", TWICE, "zmm")},
           {"avx512_bfloat16", wide && __builtin_cpu_supports("avx512bf16"), 64, FMA_LOOP("vdpbf16ps", TWICE, "zmm")},
           {"avx512_int8", wide && __builtin_cpu_supports("avx512vnni"), 128, FMA_LOOP("vpdpbusd", TWICE, "zmm")}};
#endif
  const char* between = "{";
  for (const kind& k : kinds) {
    if (!k.here) continue;
    std::printf("%s\"%s\": %.1f", between, k.name, measure(k, threads));
    between = ", ";
  }
  std::printf("%s}\n", kinds.empty() ? "{" : "");
}
