// Points in panels as the kernels want them, with what certifies their estimates.
//
// For points x and y of the frame, with packed values x' and y':  |x - y|^2 <= t  means
//   dot(x, y) = |x|^2/2 + |y|^2/2 - |x - y|^2/2 >= |x|^2/2 + |y|^2/2 - t/2,  and
//   estimate >= dot(x, y) - |x - x'| length - |y - y'| length - g |x'|^2/2 - g |y'|^2/2,
// where `length` bounds all points' and g the relative rounding of a sum of dims products in float. What is of one
// point is its `half`; t/2 is the limit. A pair whose estimate is not above half + half + limit is surely not within t.
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "frame.hpp"
#include "kernels/kernel.hpp"
#include "points.hpp"

namespace hdbscan {

inline constexpr std::size_t most_int8_dims = 65'000;  // 127 * 255 * this fits into 32 bits

class packed_points {
 public:
  // Point i of the panels is point ids[i] of `all`.
  packed_points(const points& all, const frame&, number, const std::vector<point_id>& ids);

  std::size_t count() const { return count_; }
  std::size_t panels() const { return (count_ + panel_width - 1) / panel_width; }
  // Half of panel_width points: rows first..first + block_rows of panel `rows` and the whole panel `columns` of another
  // or the same packed points.
  block make_block(std::size_t rows, int first, const packed_points& other, std::size_t columns) const;
  const float* half(std::size_t panel) const { return half_.data() + panel * panel_width; }
  // |x'|^2/2, for estimates of distances.
  const float* plain_half(std::size_t panel) const { return plain_half_.data() + panel * panel_width; }
  // What a pair within this squared distance, in the units of `all`, has as a limit; -inf for infinity.
  float limit(double squared_distance) const;
  // About how far estimates of squared distances are off, in the units of `all`.
  double coarseness() const;

 private:
  struct aligned_delete {
    void operator()(std::byte* p) const;
  };
  using units = std::unique_ptr<std::byte, aligned_delete>;

  units make_units() const;
  void pack_panel(const points&, const frame&, const std::vector<point_id>&, std::size_t panel);
  // Writes the point's units to `panel`, column c; returns |x - x'|^2 and the squares of both lengths.
  struct packing {
    double error = 0, square = 0, packed_square = 0;
  };
  packing pack_float32(const float* row, const frame&, std::byte* panel, int c) const;
  packing pack_bfloat16(const float* row, const frame&, std::byte* panel, int c) const;
  packing pack_int8(const float* row, const frame&, std::byte* panel, std::size_t point, int c);

  number kind_;
  std::size_t count_, dims_, steps_;
  double scale_;
  units rows_, columns_;  // columns_ only of int8, where its numbers are unsigned
  std::vector<float> scales_, half_, plain_half_;
  std::vector<std::int32_t> corrections_;
  std::vector<double> errors_;
};

}  // namespace hdbscan
