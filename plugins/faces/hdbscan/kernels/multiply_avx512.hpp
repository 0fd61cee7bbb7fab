// The inner loop of the AVX-512 kernels: 8 rows x 48 columns in 24 registers. Assembler, because g++ 12 moves the sums
// to memory and back where the intrinsics of vpdpbusd and vdpbf16ps stand.
#pragma once
#include "kernel.hpp"

#define HDBSCAN_ROW(instruction, at, c0, c1, c2)                                                      \
  "vbroadcastss " at "(%0), %%zmm27\n\t" instruction " %%zmm27, %%zmm24, %%zmm" c0 "\n\t" instruction \
  " %%zmm27, %%zmm25, %%zmm" c1 "\n\t" instruction " %%zmm27, %%zmm26, %%zmm" c2 "\n\t"

// Three columns' vectors into zmm24 to zmm26, then row by row a number in zmm27; the sums are zmm0 to zmm23.
#define HDBSCAN_MULTIPLY_AVX512(instruction, b, sums)                                                               \
  do {                                                                                                              \
    const void* rows_ = (b).rows;                                                                                   \
    const void* columns_ = (b).columns;                                                                             \
    long steps_ = (b).steps;                                                                                        \
    asm volatile(                                                                                                 \
        ".irp r,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23\n\t"                                \
        "vpxord %%zmm\\r, %%zmm\\r, %%zmm\\r\n\t"                                                                 \
        ".endr\n\t"                                                                                               \
        ".p2align 5\n"                                                                                            \
        "1:\n\t"                                                                                                  \
        "vmovups (%1), %%zmm24\n\tvmovups 64(%1), %%zmm25\n\tvmovups 128(%1), %%zmm26\n\t"                        \
        "prefetcht0 1536(%1)\n\tprefetcht0 1600(%1)\n\tprefetcht0 1664(%1)\n\tprefetcht0 1536(%0)\n\t"            \
        HDBSCAN_ROW(instruction, "0", "0", "1", "2") HDBSCAN_ROW(instruction, "4", "3", "4", "5")                 \
        HDBSCAN_ROW(instruction, "8", "6", "7", "8") HDBSCAN_ROW(instruction, "12", "9", "10", "11")              \
        HDBSCAN_ROW(instruction, "16", "12", "13", "14") HDBSCAN_ROW(instruction, "20", "15", "16", "17")         \
        HDBSCAN_ROW(instruction, "24", "18", "19", "20") HDBSCAN_ROW(instruction, "28", "21", "22", "23")         \
        "add $192, %0\n\tadd $192, %1\n\tdec %2\n\tjnz 1b\n\t"                                                    \
        ".irp r,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23\n\t"                                \
        "vmovups %%zmm\\r, \\r*64(%3)\n\t"                                                                        \
        ".endr\n\t"                                                                                               \
        : "+r"(rows_), "+r"(columns_), "+r"(steps_)                                                               \
        : "r"(sums)                                                                                               \
        : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",         \
          "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "xmm16", "xmm17", "xmm18", "xmm19", "xmm20",      \
          "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27"); \
  } while (false)
