// Kernels agree to the bit where results depend on them.
#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>
#include <string>

#include "kernels/choose_kernel.hpp"
#include "made_points.hpp"

using hdbscan::available_kernels;
using hdbscan::kernel;

TEST_CASE("distances are the same bits from every kernel, whatever the number of dimensions") {
  for (std::size_t dims = 1; dims <= 130; ++dims) {
    const made_points made = make_blobs(2, dims, 100);
    const float *const a = made.view().row(0), *const b = made.view().row(1);
    const double expected = hdbscan::portable_kernel.squared_distance(a, b, dims);
    long double plain = 0;
    for (std::size_t k = 0; k < dims; ++k)
      plain += (static_cast<long double>(a[k]) - b[k]) * (a[k] - static_cast<long double>(b[k]));
    CHECK(expected == doctest::Approx(static_cast<double>(plain)).epsilon(1e-14));
    for (const kernel* k : available_kernels()) {
      CAPTURE(k->name);
      CHECK(k->squared_distance(a, b, dims) == expected);
      CHECK(k->squared_distance(b, a, dims) == expected);
      CHECK(k->squared_distance(a, a, dims) == 0);
    }
  }
}

TEST_CASE("comparisons are the same from every kernel, also with infinite limits") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const made_points made = make_grid(hdbscan::block_rows + 4, hdbscan::panel_width);
  float row_half[8], row_limit[8], column_half[48], column_limit[48];
  for (int r = 0; r < 8; ++r)
    row_half[r] = made.view().row(8)[r], row_limit[r] = r == 3 ? -infinity : made.view().row(9)[r];
  for (int c = 0; c < 48; ++c)
    column_half[c] = c > 45 ? infinity : made.view().row(10)[c], column_limit[c] = made.view().row(11)[c];
  std::uint64_t expected[8];
  hdbscan::portable_kernel.compare(made.rows.data(), {row_half, row_limit}, {column_half, column_limit}, expected);
  CHECK(expected[3] == (std::uint64_t{1} << 46) - 1);
  CHECK(expected[0] != expected[3]);
  for (const kernel* k : available_kernels()) {
    CAPTURE(k->name);
    std::uint64_t kept[8];
    k->compare(made.rows.data(), {row_half, row_limit}, {column_half, column_limit}, kept);
    for (int r = 0; r < 8; ++r) CHECK(kept[r] == expected[r]);
  }
}

TEST_CASE("a kernel is chosen by name, or the best") {
  CHECK(&hdbscan::choose_kernel("") == available_kernels().front());
  CHECK(std::string(hdbscan::choose_kernel("portable").name) == "portable");
  std::string known;
  for (const kernel* k : available_kernels()) known += (known.empty() ? "" : ", ") + std::string(k->name);
  CHECK_THROWS_WITH_AS(hdbscan::choose_kernel("neon"),
                       ("hdbscan: this machine has no kernel 'neon'; right: " + known).c_str(), std::invalid_argument);
}
