// A row's put() for tests, where the runtime's is not linked: for images that are of the input's size already.
#pragma once
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "../rows.hpp"
#include "param_check.hpp"

namespace flowrun::testing {

namespace detail {

inline std::string size_text(double width, double height) {
  return number_text(width) + " x " + number_text(height) + " px";
}

struct image_input {
  int width = 0, height = 0, channels = 1;
  bool interleaved = false, gray = false;
};

// Throws unless the input can hold an image.
inline image_input read_image_input(const model_port& port, const preprocess_spec& spec) {
  image_input in;
  in.interleaved = spec.layout == row_layout_order::hwc;
  in.gray = spec.order == channel_order::gray || port.shape.size() == 2;
  auto side = [&port](std::size_t i) { return static_cast<int>(port.shape[i].high); };
  if (port.shape.size() == 2) {
    in.height = side(0);
    in.width = side(1);
  } else if (port.shape.size() == 3) {
    const std::size_t first = in.interleaved ? 0 : 1;
    in.height = side(first);
    in.width = side(first + 1);
    in.channels = side(in.interleaved ? 2 : 0);
  }
  const bool holds = port.shape.size() == 2 || in.channels == 3 || (in.gray && port.shape.size() == 3);
  if (!holds || (in.channels != 1 && in.channels != 3) || (port.type != dtype::float32 && port.type != dtype::uint8))
    throw std::invalid_argument("input '" + port.name + "' of the model cannot hold an image: it must be float32 or " +
                                "uint8, of 3 channels, or of 1 for gray, in the order of its layout");
  return in;
}

// Whether `spec` leaves an image of the input's size as it is.
inline bool keeps_size(const preprocess_spec& spec, const image_input& in) {
  const int width = spec.width ? spec.width : in.width, height = spec.height ? spec.height : in.height;
  if (spec.mode == resize_mode::none) return true;
  if (spec.mode == resize_mode::shortest) return std::min(width, height) == std::min(in.width, in.height);
  return width == in.width && height == in.height;
}

inline void check_size(const model_port& port, const preprocess_spec& spec, const image_input& in, const image& from,
                       const rect& part) {
  const bool whole = part.width == 0 && part.height == 0;
  auto is_whole = [](double v) { return std::floor(v) == v; };
  const bool inside = whole || (is_whole(part.x) && is_whole(part.y) && part.x >= 0 && part.y >= 0 &&
                                part.x + part.width <= from.width && part.y + part.height <= from.height);
  const double width = whole ? from.width : part.width, height = whole ? from.height : part.height;
  if (from.empty() || !from.pixels || (from.channels != 1 && from.channels != 3 && from.channels != 4))
    throw std::invalid_argument("an image of " + size_text(from.width, from.height) + " and " +
                                std::to_string(from.channels) + " channels cannot become input '" + port.name + "'");
  if (!inside || width != in.width || height != in.height || !keeps_size(spec, in))
    throw std::invalid_argument(
        "the put() of this test resizes nothing: it takes an image, or a part of whole pixels inside one, of " +
        size_text(in.width, in.height) + " for input '" + port.name + "'" +
        (keeps_size(spec, in) ? "" : ", and a model whose preprocess keeps that size") + ", but this is " +
        size_text(width, height) + "; give it such a one, or give the model's tester a put() of your own");
}

}  // namespace detail

// As the runtime's: order, scale, mean, std and layout of the model file's preprocess; one px of the input for one of
// the image. Throws std::invalid_argument where something would have to be resized.
inline placement put_unresized(const model_file& model, std::size_t input, const image& from, const rect& wanted,
                               void* to) {
  const rect part = wanted.width == 0 && wanted.height == 0 ? rect() : wanted;  // without a size: the whole image
  const model_port& port = model.inputs.at(input);
  const auto written = model.preprocess.find(port.name);
  const preprocess_spec spec = written == model.preprocess.end() ? preprocess_spec() : written->second;
  const detail::image_input in = detail::read_image_input(port, spec);
  detail::check_size(port, spec, in, from, part);
  const image pixels = in.gray ? from.gray() : from;
  const auto left = static_cast<std::size_t>(part.x), channels = static_cast<std::size_t>(in.channels),
             each = static_cast<std::size_t>(pixels.channels), width = static_cast<std::size_t>(in.width);
  for (std::size_t c = 0; c < channels; ++c) {
    const std::size_t byte = each == 1 ? 0 : spec.order == channel_order::rgb ? 2 - c : c;
    for (int y = 0; y < in.height; ++y) {
      const std::uint8_t* row = pixels.row(y + static_cast<int>(part.y)) + left * each + byte;
      const std::size_t line = static_cast<std::size_t>(y) * width;
      for (std::size_t x = 0; x < width; ++x) {
        const std::size_t at =
            in.interleaved ? (line + x) * channels + c : c * width * static_cast<std::size_t>(in.height) + line + x;
        const std::uint8_t v = row[x * each];
        if (port.type == dtype::uint8)
          static_cast<std::uint8_t*>(to)[at] = v;
        else
          static_cast<float*>(to)[at] = static_cast<float>((v * spec.scale - spec.mean[c]) / spec.std[c]);
      }
    }
  }
  placement at;
  at.from = {part.x, part.y, static_cast<double>(in.width), static_cast<double>(in.height)};
  return at;
}

}  // namespace flowrun::testing
