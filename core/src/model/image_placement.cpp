// Sizes and offsets are rounded as torchvision's resize and center_crop round them.
#include "image_placement.hpp"

#include <algorithm>
#include <cmath>

namespace flowrun::core {
namespace {

constexpr double farthest = 1e6;  // px a part may lie or reach beyond 0
constexpr double longest = 1e8;   // px of a scaled side

std::string number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", v);
  return text;
}

std::string part_text(const rect& part) {
  return "the part at (" + number(part.x) + ", " + number(part.y) + ") of " + size_in_pixels(part.width, part.height);
}

// A sum of doubles that misses the image's border by a rounding error must not count as one that reaches beyond it.
void snap(double& begin, double& length, int border) {
  constexpr double error = 1e-6;
  double end = begin + length;
  if (std::abs(begin) < error) begin = 0;
  if (std::abs(end - border) < error) end = border;
  length = end - begin;
}

rect whole_or_part(const image& from, rect part) {
  if (part.width == 0 && part.height == 0)
    return {0, 0, static_cast<double>(from.width), static_cast<double>(from.height)};
  if (!(part.width > 0 && part.height > 0))
    throw std::invalid_argument(part_text(part) +
                                " is empty; its width and height must be above 0, or both 0 for the whole image");
  if (!(std::abs(part.x) <= farthest && std::abs(part.y) <= farthest && part.width <= farthest &&
        part.height <= farthest))
    throw std::invalid_argument(part_text(part) + " is too far from an image of " +
                                size_in_pixels(from.width, from.height) + "; no number of it may exceed " +
                                number(farthest));
  snap(part.x, part.width, from.width);
  snap(part.y, part.height, from.height);
  return part;
}

std::int64_t crop_offset(std::int64_t size, int input) {
  const auto beyond = static_cast<double>(size - input);
  return static_cast<std::int64_t>(beyond >= 0 ? -std::nearbyint(beyond / 2) : std::floor(-beyond / 2));
}

std::int64_t letterbox_side(double part, double ratio, std::int64_t side) {
  return std::clamp(static_cast<std::int64_t>(std::nearbyint(part * ratio)), std::int64_t{1}, side);
}

// The longer side of `shortest`.
std::int64_t long_side(double side, double longer, double shorter, const rect& part) {
  const double scaled = side * longer / shorter;
  if (!(scaled <= longest))
    throw std::invalid_argument(part_text(part) + " is too long: a shorter side of " + number(side) +
                                " px would make the longer " + number(scaled) + " px, more than " + number(longest));
  return static_cast<std::int64_t>(scaled);
}

}  // namespace

std::string size_in_pixels(double width, double height) {
  return number(width) + " x " + number(height) + " px";
}

image_placement place_image(const preprocess_spec& spec, int input_width, int input_height, const image& from,
                            const rect& part, const std::string& input) {
  image_placement p;
  rect& r = p.from = whole_or_part(from, part);
  const std::int64_t w = spec.width ? spec.width : input_width, h = spec.height ? spec.height : input_height;
  switch (spec.mode) {
    case resize_mode::none:
      r = {std::nearbyint(r.x), std::nearbyint(r.y), std::max(1.0, std::nearbyint(r.width)),
           std::max(1.0, std::nearbyint(r.height))};
      p.canvas = {0, 0, static_cast<std::int64_t>(r.width), static_cast<std::int64_t>(r.height)};
      break;
    case resize_mode::stretch:
      p.canvas = {0, 0, w, h};
      break;
    case resize_mode::shortest: {
      const std::int64_t side = std::min(w, h);
      p.canvas = {0, 0, side, side};
      if (r.width <= r.height)
        p.canvas.height = long_side(static_cast<double>(side), r.height, r.width, r);
      else
        p.canvas.width = long_side(static_cast<double>(side), r.width, r.height, r);
      break;
    }
    case resize_mode::letterbox:
      p.canvas = {0, 0, w, h};
      break;
  }
  p.content = p.canvas;
  if (spec.mode == resize_mode::letterbox) {
    const double ratio = std::min(static_cast<double>(w) / r.width, static_cast<double>(h) / r.height);
    p.content.width = letterbox_side(r.width, ratio, w);
    p.content.height = letterbox_side(r.height, ratio, h);
    p.content.left = (w - p.content.width) / 2;
    p.content.top = (h - p.content.height) / 2;
  }
  if (spec.center_crop) {
    p.canvas.left = crop_offset(p.canvas.width, input_width);
    p.canvas.top = crop_offset(p.canvas.height, input_height);
    p.content.left += p.canvas.left;
    p.content.top += p.canvas.top;
  } else if (p.canvas.width != input_width || p.canvas.height != input_height) {
    throw std::invalid_argument(
        "an image of " + size_in_pixels(r.width, r.height) + " becomes " +
        size_in_pixels(static_cast<double>(p.canvas.width), static_cast<double>(p.canvas.height)) + ", but input '" +
        input + "' is " + size_in_pixels(input_width, input_height) +
        "; the model file's preprocess must resize or crop it to that");
  }
  return p;
}

}  // namespace flowrun::core
