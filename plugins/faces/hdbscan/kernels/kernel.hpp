// What an instruction set does for the search: estimates of dot products by blocks, and distances. Included by files
// built for one instruction set each, so nothing of the standard library that has code may come in here: the linker
// would keep one copy of it for all machines.
#pragma once
#include <cstddef>
#include <cstdint>

namespace hdbscan {

inline constexpr int panel_width = 48;  // points side by side in a panel: three registers of 16
inline constexpr int block_rows = 8;    // rows of a panel that are multiplied with a whole panel at once

enum class number { float32, bfloat16, int8 };  // what a panel holds of a coordinate

// Rows `rows` (block_rows of a panel) against the panel `columns`. A step is one unit of 4 bytes of every point: 1
// float32, 2 bfloat16 or 4 int8. The units of a step lie side by side, panel_width of them.
struct block {
  const void* rows;
  const void* columns;
  long steps;
  const float* row_scale;  // int8 only, as the next two: a coordinate is its int8 times the point's scale
  const float* column_scale;
  const std::int32_t* row_correction;  // takes off what the columns' offset of 128 adds
};

// Limits of the points of a block: a pair is worth a look if  dot > rows.half + columns.half + min(limits).
struct block_side {
  const float* half;
  const float* limit;
};

struct kernel {
  const char* name;
  number packed_as;
  bool (*available)();
  // dots[r * panel_width + c]: of row r and column c, nearly.
  void (*estimate_dots)(const block&, float* dots);
  // Bit c of kept[r]: the pair is worth a look.
  void (*compare)(const float* dots, const block_side& rows, const block_side& columns, std::uint64_t* kept);
  // Exact: the same bits from every kernel. Differences and squares in double, coordinate k added to sum k % 32; sum l
  // takes sum l + 16, then l + 8, 4, 2, 1. No fused multiply-add.
  double (*squared_distance)(const float* a, const float* b, std::size_t dims);
  const char* finer;  // the kernel to take where this one's estimates are too coarse, or null
};

extern const kernel portable_kernel, avx2_kernel, avx512_kernel, avx512_bfloat16_kernel, avx512_int8_kernel;

// Shared by the kernels of AVX-512.
void compare_avx512(const float* dots, const block_side& rows, const block_side& columns, std::uint64_t* kept);
double squared_distance_avx512(const float* a, const float* b, std::size_t dims);

}  // namespace hdbscan
