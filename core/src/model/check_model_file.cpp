// What the parts of a model file ask of each other.
#include <algorithm>
#include <array>
#include <flowrun/row_shapes.hpp>
#include <optional>

#include "model_sections.hpp"

namespace flowrun::core {

namespace {

bool holds(const dimension& d, std::int64_t n) {
  return d.low <= n && n <= d.high;
}

struct image_size {
  std::int64_t width, height;
};

std::string size_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

const char* order_text(channel_order order) {
  return order == channel_order::gray ? "gray" : order == channel_order::rgb ? "rgb" : "bgr";
}

bool has_channels(const model_port& input, bool last, bool gray) {
  const dimension& side = input.shape[last ? 2 : 0];
  return side.low == side.high && (side.low == 3 || (gray && side.low == 1));
}

// Of the image an input takes. Empty when it cannot take one in this order and layout, which has been told.
std::optional<image_size> find_size(const preprocess_spec& spec, const model_port& input,
                                    const preprocess_places& places, problem_sink& out) {
  const bool gray = spec.order == channel_order::gray, last = spec.layout == row_layout_order::hwc;
  const auto& shape = input.shape;
  if (gray && shape.size() == 2) return image_size{shape[1].high, shape[0].high};
  const std::string is = "input '" + input.name + "' has the shape " + detail::shape_text(input);
  if (shape.size() != 3) {
    out.error("input_shape", places.entry,
              is + (gray ? "; a gray image becomes a row of 2 or 3 sides, such as [32, 100] or [1, 32, 100]"
                         : "; an image becomes a row of 3 sides, such as [3, 224, 224]"));
    return std::nullopt;
  }
  if (!has_channels(input, last, gray)) {
    std::string text = is + ", but order: " + order_text(spec.order) + " in layout: " + (last ? "hwc" : "chw") +
                       " needs " + (gray ? "1 or 3" : "3") + " as its " + (last ? "last" : "first") + " side";
    if (has_channels(input, !last, gray)) text += std::string(". Did you mean layout: ") + (last ? "chw?" : "hwc?");
    out.error("input_shape", is_given(places.order) ? places.order : places.entry, text);
    return std::nullopt;
  }
  const std::size_t height = last ? 0 : 1;
  return image_size{shape[height + 1].high, shape[height].high};
}

// Pixels are bytes; the other types would need a rule of rounding that networks do not share.
void check_type(const preprocess_spec& spec, const model_port& input, const preprocess_places& places,
                problem_sink& out) {
  const std::array<double, 3> zeros{0, 0, 0}, ones{1, 1, 1};
  const std::string is = "input '" + input.name + "' is " + dtype_name(input.type);
  if (input.type != dtype::float32 && input.type != dtype::uint8)
    out.error("input_type", places.entry, is + "; an image becomes float32 or uint8");
  else if (input.type == dtype::uint8 && (spec.scale != 1 || spec.mean != zeros || spec.std != ones))
    out.error("input_type", places.entry,
              is + ", which holds pixels as they are; remove 'scale', 'mean' and 'std', or make it float32");
}

}  // namespace

void check_preprocess(const preprocess_spec& spec, const model_port& input, const preprocess_places& places,
                      problem_sink& out) {
  check_type(spec, input, places, out);
  const auto size = find_size(spec, input, places, out);
  if (!size) return;
  const auto [w, h] = *size;
  const position at = places.has_size ? places.size : is_given(places.resize) ? places.resize : places.entry;
  const std::string is = "input '" + input.name + "' is " + size_text(w, h);
  if (spec.mode == resize_mode::shortest) {
    const std::int64_t longer = std::max(w, h);
    if (!spec.center_crop)
      out.error("resize_size", at,
                "mode: shortest leaves the longer side as long as the image makes it, but " + is +
                    "; add crop: center, or use stretch or letterbox");
    else if (!places.has_size && w != h)
      out.error("resize_size", at, "mode: shortest needs a 'side' where the input is no square; " + is);
    else if (places.has_size && spec.width < longer)
      out.error("resize_size", at,
                "a shorter side of " + std::to_string(spec.width) + " is too short to crop from, because " + is +
                    "; make 'side' " + std::to_string(longer) + " or more");
  } else if (places.has_size && !spec.center_crop && (spec.width != w || spec.height != h)) {
    out.error("resize_size", at,
              "the resize makes images of " + size_text(spec.width, spec.height) + ", but " + is +
                  "; remove the size, or make it fit, or add crop: center");
  } else if (places.has_size && (spec.width < w || spec.height < h)) {
    out.error("resize_size", at,
              "the resize makes images of " + size_text(spec.width, spec.height) +
                  ", too small to crop from, because " + is + "; make it at least that");
  }
}

void check_state(const model_file& model, position at, problem_sink& out) {
  for (const model_port& p : model.inputs)
    if (!p.fixed())
      out.error("state_shape", at,
                "a network with a state by stream takes inputs of fixed shapes, but '" + p.name + "' is " +
                    detail::shape_text(p) + "; give it one size, or remove 'state'");
}

void check_labels(const model_file& model, position at, problem_sink& out) {
  const auto n = static_cast<std::int64_t>(model.labels.size());
  std::string shapes;
  for (const model_port& p : model.outputs) {
    // One value per label; of several sides, one that the labels may be part of (boxes before the classes, say).
    for (const dimension& d : p.shape)
      if (p.shape.size() == 1 ? holds(d, n) : d.high >= n) return;
    shapes += (shapes.empty() ? "" : ", ") + p.name + " " + detail::shape_text(p);
  }
  out.error("labels_count", at,
            "there are " + std::to_string(n) + " labels, but no output has as many values: " + shapes +
                "; use the labels the model was trained with, one a line");
}

}  // namespace flowrun::core
