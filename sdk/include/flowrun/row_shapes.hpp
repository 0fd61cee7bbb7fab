// The sizes of rows where a model's sides have ranges: which are taken, which bucket they go to, and zeros beside them.
#pragma once
#include <algorithm>
#include <cstring>
#include <span>
#include <stdexcept>
#include <utility>

#include "model_file.hpp"

namespace flowrun {

// How large a row is, by input of the model and without the side of the batch. An input that is missing or empty: its
// largest shape.
using row_shapes = std::vector<std::vector<std::int64_t>>;

namespace detail {

inline std::vector<std::int64_t> largest_shape(const model_port& port) {
  std::vector<std::int64_t> shape;
  for (const dimension& side : port.shape) shape.push_back(side.high);
  return shape;
}
inline std::string shape_text(std::span<const std::int64_t> shape) {
  std::string text;
  for (std::int64_t side : shape) text += (text.empty() ? "" : ", ") + std::to_string(side);
  return "[" + text + "]";
}
inline std::string shape_text(const model_port& port) {
  std::string text;
  for (const dimension& d : port.shape)
    text += (text.empty() ? "" : ", ") + std::to_string(d.low) + (d.low == d.high ? "" : ".." + std::to_string(d.high));
  return "[" + text + "]";
}

inline bool takes_shape(const model_port& port, std::span<const std::int64_t> shape) {
  return std::equal(shape.begin(), shape.end(), port.shape.begin(), port.shape.end(),
                    [](std::int64_t side, const dimension& d) { return d.low <= side && side <= d.high; });
}

// Each ranged side becomes the smallest bucket it fits in, but nothing beyond its own range.
inline std::vector<std::int64_t> round_up(const model_port& port, std::vector<std::int64_t> shape) {
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (port.shape[i].low == port.shape[i].high) continue;
    const auto bucket = std::lower_bound(port.buckets.begin(), port.buckets.end(), shape[i]);
    if (bucket != port.buckets.end()) shape[i] = std::min(*bucket, port.shape[i].high);
  }
  return shape;
}

// A shape for each input. Throws std::invalid_argument where one is not the model's.
inline row_shapes complete_shapes(const model_file& m, row_shapes shapes) {
  if (shapes.size() > m.inputs.size())
    throw std::invalid_argument("a row was asked for with " + std::to_string(shapes.size()) +
                                " shapes, but the model '" + m.name + "' has " + std::to_string(m.inputs.size()) +
                                " inputs");
  shapes.resize(m.inputs.size());
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    if (shapes[k].empty()) shapes[k] = largest_shape(m.inputs[k]);
    if (!takes_shape(m.inputs[k], shapes[k]))
      throw std::invalid_argument("a row of " + shape_text(shapes[k]) + " was asked for, but the input '" +
                                  m.inputs[k].name + "' of the model '" + m.name + "' takes " +
                                  shape_text(m.inputs[k]));
  }
  return shapes;
}
inline row_shapes round_up(const model_file& m, row_shapes shapes) {
  for (std::size_t k = 0; k < shapes.size(); ++k) shapes[k] = round_up(m.inputs[k], std::move(shapes[k]));
  return shapes;
}

// Copies a block into the corner of one with no shorter sides, and writes 0 beside it. Without `from` the corner stays
// as it is. `each`: bytes of a value.
inline void put_in_corner(const char* from, std::span<const std::int64_t> small, char* to,
                          std::span<const std::int64_t> large, std::size_t each) {
  if (small.empty()) {
    if (from) std::memcpy(to, from, each);
    return;
  }
  const auto rest = small.subspan(1), rest_to = large.subspan(1);
  std::size_t step = each, step_to = each;
  for (std::int64_t side : rest) step *= static_cast<std::size_t>(side);
  for (std::int64_t side : rest_to) step_to *= static_cast<std::size_t>(side);
  const auto n = static_cast<std::size_t>(small[0]), all = static_cast<std::size_t>(large[0]);
  if (!std::equal(rest.begin(), rest.end(), rest_to.begin(), rest_to.end()))
    for (std::size_t i = 0; i < n; ++i)
      put_in_corner(from ? from + i * step : from, rest, to + i * step_to, rest_to, each);
  else if (from && n > 0)
    std::memcpy(to, from, n * step);
  if (all > n) std::memset(to + n * step_to, 0, (all - n) * step_to);
}

}  // namespace detail

}  // namespace flowrun
