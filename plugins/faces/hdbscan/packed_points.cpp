#include "packed_points.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <numeric>
#include <stdexcept>
#include <string>

namespace hdbscan {
namespace {

constexpr std::size_t alignment = 64, unit_bytes = 4;
constexpr double rounding = 0x1p-24;   // of one operation in float, relative
constexpr double to_whole = 0x1.8p52;  // added and taken away: rounds a small double to a whole number
constexpr double underflow = 1e-30;    // more than all products too small for a float add up to

constexpr std::size_t a_unit(number kind) {
  return kind == number::float32 ? 1 : kind == number::bfloat16 ? 2 : 4;
}

float round_down(double x) {
  const float near = static_cast<float>(x);
  return near > x ? std::nextafter(near, -std::numeric_limits<float>::infinity()) : near;
}

std::byte* unit_of(std::byte* panel, std::size_t step, int c) {
  return panel + (step * panel_width + c) * unit_bytes;
}

// To the nearest, ties to even.
std::uint16_t to_bfloat16(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float from_bfloat16(std::uint16_t x) {
  const std::uint32_t bits = static_cast<std::uint32_t>(x) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

void packed_points::aligned_delete::operator()(std::byte* p) const {
  ::operator delete (p, std::align_val_t{alignment});
}

packed_points::units packed_points::make_units() const {
  const std::size_t size = panels() * steps_ * panel_width * unit_bytes;
  // The kernels fetch ahead, never read, behind the end.
  return units(static_cast<std::byte*>(::operator new (std::max(size, alignment), std::align_val_t{alignment})));
}

packed_points::packed_points(const points& all, const frame& view, number kind, const std::vector<point_id>& ids)
    : kind_(kind),
      count_(ids.size()),
      dims_(all.dims),
      steps_((all.dims + a_unit(kind) - 1) / a_unit(kind)),
      scale_(view.scale),
      rows_(make_units()) {
  const std::size_t places = panels() * panel_width;
  // Nothing is above the half of a place without a point.
  half_.assign(places, std::numeric_limits<float>::infinity());
  plain_half_.assign(places, std::numeric_limits<float>::infinity());
  errors_.assign(count_, 0);
  if (kind == number::int8) {
    if (dims_ > most_int8_dims)
      throw std::invalid_argument("hdbscan: " + std::to_string(dims_) +
                                  " dimensions are too many for kernel avx512_int8" + "; right: at most " +
                                  std::to_string(most_int8_dims));
    columns_ = make_units();
    scales_.assign(places, 0);
    corrections_.assign(places, 0);
  }
  tbb::parallel_for(std::size_t{0}, panels(), [&](std::size_t p) { pack_panel(all, view, ids, p); });
}

void packed_points::pack_panel(const points& all, const frame& view, const std::vector<point_id>& ids, std::size_t p) {
  const std::size_t bytes = steps_ * panel_width * unit_bytes;
  std::byte* const panel = rows_.get() + p * bytes;
  std::memset(panel, 0, bytes);
  const double sum_error = static_cast<double>(dims_ + 8) * rounding * 1.01;
  for (int c = 0; c < panel_width && p * panel_width + c < count_; ++c) {
    const std::size_t i = p * panel_width + c;
    const float* const row = all.row(ids[i]);
    const packing made = kind_ == number::float32    ? pack_float32(row, view, panel, c)
                         : kind_ == number::bfloat16 ? pack_bfloat16(row, view, panel, c)
                                                     : pack_int8(row, view, panel, i, c);
    errors_[i] = std::sqrt(made.error);
    // The packed point may be longer than the longest; twice its own error covers that.
    const double off = errors_[i] * (view.length + errors_[i]) * (1 + 1e-9) + sum_error * made.packed_square / 2;
    // The comparison itself rounds thrice, in float.
    const double half = made.square / 2 - off - 8 * rounding * (made.square + off) - underflow;
    half_[i] = round_down(half);
    plain_half_[i] = static_cast<float>(made.packed_square / 2);
  }
  if (kind_ != number::int8) return;
  std::byte* const shifted = columns_.get() + p * bytes;
  for (std::size_t b = 0; b < bytes; ++b) shifted[b] = panel[b] ^ std::byte{0x80};
}

packed_points::packing packed_points::pack_float32(const float* row, const frame& view, std::byte* panel, int c) const {
  packing made;
  for (std::size_t k = 0; k < dims_; ++k) {
    const double exact = view.at(row, k);
    const float kept = static_cast<float>(exact);
    std::memcpy(unit_of(panel, k, c), &kept, sizeof kept);
    made.error += (exact - kept) * (exact - kept);
    made.square += exact * exact;
    made.packed_square += static_cast<double>(kept) * kept;
  }
  return made;
}

packed_points::packing packed_points::pack_bfloat16(const float* row, const frame& view, std::byte* panel,
                                                    int c) const {
  packing made;
  for (std::size_t k = 0; k < dims_; ++k) {
    const double exact = view.at(row, k);
    const std::uint16_t bits = to_bfloat16(static_cast<float>(exact));
    const double kept = from_bfloat16(bits);
    std::memcpy(unit_of(panel, k / 2, c) + k % 2 * sizeof bits, &bits, sizeof bits);
    made.error += (exact - kept) * (exact - kept);
    made.square += exact * exact;
    made.packed_square += kept * kept;
  }
  return made;
}

packed_points::packing packed_points::pack_int8(const float* row, const frame& view, std::byte* panel, std::size_t i,
                                                int c) {
  packing made;
  double largest = 0;
  for (std::size_t k = 0; k < dims_; ++k) largest = std::max(largest, std::abs(view.at(row, k)));
  // Below the smallest normal float the quotients would not be within 127.
  const float scale = std::max(static_cast<float>(largest / 127), std::numeric_limits<float>::min());
  const double per_scale = 1.0 / scale;
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < dims_; ++k) {
    const double exact = view.at(row, k);
    const double whole = std::clamp(exact * per_scale + to_whole - to_whole, -127.0, 127.0);
    const double kept = whole * scale;
    const auto bits = static_cast<std::int8_t>(whole);
    *(unit_of(panel, k / 4, c) + k % 4) = static_cast<std::byte>(bits);
    sum += bits;
    made.error += (exact - kept) * (exact - kept);
    made.square += exact * exact;
    made.packed_square += kept * kept;
  }
  scales_[i] = scale;
  corrections_[i] = -128 * sum;
  return made;
}

block packed_points::make_block(std::size_t rows, int first, const packed_points& other, std::size_t columns) const {
  const std::size_t bytes = steps_ * panel_width * unit_bytes;
  block made{};
  made.rows = rows_.get() + rows * bytes + first * unit_bytes;
  made.columns = (kind_ == number::int8 ? other.columns_ : other.rows_).get() + columns * bytes;
  made.steps = static_cast<long>(steps_);
  if (kind_ == number::int8) {
    made.row_scale = scales_.data() + rows * panel_width + first;
    made.column_scale = other.scales_.data() + columns * panel_width;
    made.row_correction = corrections_.data() + rows * panel_width + first;
  }
  return made;
}

float packed_points::limit(double squared_distance) const {
  return round_down(-squared_distance * (scale_ * scale_) / 2 * (1 + 8 * rounding));
}

double packed_points::coarseness() const {
  const double error = std::accumulate(errors_.begin(), errors_.end(), 0.0) / static_cast<double>(count_);
  return 4 * error / (scale_ * scale_);
}

}  // namespace hdbscan
