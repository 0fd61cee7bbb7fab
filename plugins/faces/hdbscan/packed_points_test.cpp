// No pair within a limit is ruled out, whatever the numbers look like.
#include "packed_points.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <set>

#include "kernels/choose_kernel.hpp"
#include "made_points.hpp"
#include "survivors.hpp"

namespace {

using namespace hdbscan;

// The pairs that survive with every point's limit at this squared distance.
std::set<place_pair> survivors_within(const made_points& made, const kernel& with, double square) {
  std::vector<point_id> ids(made.count());
  std::iota(ids.begin(), ids.end(), 0U);
  const packed_points packed(made.view(), find_frame(made.view()), with.packed_as, ids);
  point_limits limits(packed.panels());
  for (std::size_t i = 0; i < made.count(); ++i) limits.raise(i, packed.limit(square));
  std::vector<place_pair> found;
  for (std::size_t q = 0; q < packed.panels(); ++q)
    for (std::size_t p = 0; p <= q; ++p) collect_survivors(with, packed, limits, p, q, found);
  return {found.begin(), found.end()};
}

void check_survivors(const made_points& made) {
  const points all = made.view();
  for (const kernel* k : available_kernels()) {
    CAPTURE(k->name);
    std::size_t within = 0, missed = 0;
    // Of all limits the hardest are those that are just met.
    const double square = portable_kernel.squared_distance(all.row(0), all.row(1), all.dims);
    const std::set<place_pair> survivors = survivors_within(made, *k, square);
    for (std::uint32_t i = 0; i < all.count; ++i)
      for (std::uint32_t j = i + 1; j < all.count; ++j) {
        if (portable_kernel.squared_distance(all.row(i), all.row(j), all.dims) > square) continue;
        ++within;
        missed += survivors.count({i, j}) == 0;
      }
    CHECK(within > 0);
    CHECK(missed == 0);
    CHECK(survivors.size() <= all.count * (all.count - 1) / 2);
  }
}

}  // namespace

TEST_CASE("a pair within the limit survives") {
  check_survivors(make_blobs(150, 1));
  check_survivors(make_blobs(150, 13));
  check_survivors(make_blobs(150, 512));
  check_survivors(make_blobs(150, 64, 1e15F));
  check_survivors(make_blobs(150, 64, 1e-20F));
  check_survivors(make_grid(150, 6));
  check_survivors(make_identical(100, 20));
}

TEST_CASE("a pair within the limit survives among points far from the origin, and beside a far one") {
  made_points made = make_blobs(150, 32);
  for (float& x : made.rows) x += 300;
  check_survivors(made);
  for (std::size_t k = 0; k < made.dims; ++k) made.rows[149 * made.dims + k] = 1e6F;
  check_survivors(made);
}

TEST_CASE("estimates rule most pairs out") {
  const made_points made = make_blobs(400, 512);
  for (const kernel* k : available_kernels()) {
    CAPTURE(k->name);
    CHECK(survivors_within(made, *k, 0.5).size() < 400 * 399 / 2 / 10);
  }
}

TEST_CASE("int8 refuses dimensions whose sums do not fit") {
  const made_points made = make_identical(1, most_int8_dims + 1);
  CHECK_THROWS_WITH_AS(packed_points(made.view(), find_frame(made.view()), number::int8, {0}),
                       "hdbscan: 65001 dimensions are too many for kernel avx512_int8; right: at most 65000",
                       std::invalid_argument);
}
