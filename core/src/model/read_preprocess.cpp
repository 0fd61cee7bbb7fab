// The `preprocess` of a model file: how an image becomes a row of an input.
#include <algorithm>
#include <limits>

#include "graph/nearest_name.hpp"
#include "graph/yaml_values.hpp"
#include "model_sections.hpp"
#include "model_values.hpp"

namespace flowrun::core {

namespace {

constexpr int largest_side = 32768;  // px

struct number_range {
  double low, high;
  const char* text;
};
constexpr number_range any_number{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max(),
                                  "a number"};
constexpr number_range pixel_value{0, 255, "a number 0..255"};

std::optional<double> read_number(const yaml_node& value, const std::string& what, const number_range& range,
                                  problem_sink& out) {
  const auto n = to_number(value);
  if (n && *n >= range.low && *n <= range.high) return n;
  refuse(value, what, range.text, out);
  return std::nullopt;
}

// One number for all channels, or a list with one for each.
void read_channels(const yaml_node& value, const std::string& what, std::size_t channels, const number_range& range,
                   std::array<double, 3>& to, problem_sink& out) {
  if (value.is != yaml_node::kind::list) {
    if (const auto n = read_number(value, what, range, out)) to.fill(*n);
    return;
  }
  if (value.items.size() != channels) {
    out.error("wrong_value", value.at,
              what + (channels == 1 ? " must be one number" : " must be one number or 3, one per channel") +
                  ", but has " + std::to_string(value.items.size()));
    return;
  }
  for (std::size_t c = 0; c < channels; ++c)
    if (const auto n = read_number(value.items[c], "an entry of " + what, range, out)) to[c] = *n;
}

// A value that would divide by zero, or make every pixel the same.
void refuse_zero(const yaml_node& value, const std::string& what, bool zero, problem_sink& out) {
  if (zero) out.error("wrong_value", value.at, what + " must not be 0");
}

class preprocess_reader {
 public:
  // `input`: the one it is for, null when that is not known.
  preprocess_reader(const yaml_node& key, const model_port* input, problem_sink& out)
      : what_("the preprocess of '" + key.text + "'"), input_(input), out_(out) {
    places.entry = key.at;
  }

  void read(const yaml_node& value) {
    if (!expect_map(value, what_, out_)) return;
    read_keys(
        value, what_,
        {{"crop",
          [&](const yaml_node& v) {
            read_choice<bool>(v, "'crop'", {{"center", true}, {"none", false}}, spec.center_crop, out_);
          }},
         {"resize",
          [&](const yaml_node& v) {
            places.resize = v.at;
            if (expect_map(v, "'resize'", out_)) read_resize(v);
          }},
         {"order",
          [&](const yaml_node& v) {
            places.order = v.at;
            read_choice<channel_order>(
                v, "'order'", {{"rgb", channel_order::rgb}, {"bgr", channel_order::bgr}, {"gray", channel_order::gray}},
                spec.order, out_);
          }},
         {"layout",
          [&](const yaml_node& v) {
            read_choice<row_layout_order>(
                v, "'layout'", {{"chw", row_layout_order::chw}, {"hwc", row_layout_order::hwc}}, spec.layout, out_);
          }},
         {"scale", [&](const yaml_node& v) { read_scale(v); }},
         {"mean", [&](const yaml_node& v) { mean_ = &v; }},
         {"std", [&](const yaml_node& v) { std_ = &v; }}},
        out_);
    // How many channels there are is known by now.
    const std::size_t channels = spec.order == channel_order::gray && !gray_in_three() ? 1 : 3;
    if (mean_) read_channels(*mean_, "'mean'", channels, any_number, spec.mean, out_);
    if (std_) {
      read_channels(*std_, "'std'", channels, any_number, spec.std, out_);
      refuse_zero(*std_, "'std'", std::count(spec.std.begin(), spec.std.end(), 0.0) > 0, out_);
    }
    if (fill_) read_channels(*fill_, "'fill'", channels, pixel_value, spec.fill, out_);
    if (fill_ && spec.mode != resize_mode::letterbox)
      out_.error("unused_key", fill_->at, "'fill' is the colour beside the picture of mode: letterbox; remove it");
  }

  preprocess_spec spec;
  preprocess_places places;

 private:
  // A network of three channels that is given the same picture in each.
  bool gray_in_three() const {
    const std::size_t side = spec.layout == row_layout_order::hwc ? 2 : 0;
    return input_ && input_->shape.size() == 3 && input_->shape[side].high == 3;
  }

  void read_scale(const yaml_node& value) {
    const auto n = read_number(value, "'scale'", any_number, out_);
    if (!n) return;
    refuse_zero(value, "'scale'", *n == 0, out_);
    spec.scale = *n;
  }

  void read_resize(const yaml_node& value) {
    using f = resize_filter;
    using m = resize_mode;
    const yaml_node *side = nullptr, *width = nullptr, *height = nullptr;
    const std::vector<choice<m>> modes = {
        {"shortest", m::shortest}, {"stretch", m::stretch}, {"letterbox", m::letterbox}, {"none", m::none}};
    const std::vector<choice<f>> filters = {{"nearest", f::nearest},
                                            {"box", f::box},
                                            {"bilinear", f::bilinear},
                                            {"bicubic", f::bicubic},
                                            {"lanczos", f::lanczos}};
    read_keys(value, "'resize'",
              {{"side", [&](const yaml_node& v) { side = &v; }},
               {"width", [&](const yaml_node& v) { width = &v; }},
               {"height", [&](const yaml_node& v) { height = &v; }},
               {"mode", [&](const yaml_node& v) { read_choice<m>(v, "'mode'", modes, spec.mode, out_); }},
               {"filter", [&](const yaml_node& v) { read_choice<f>(v, "'filter'", filters, spec.filter, out_); }},
               {"fill", [&](const yaml_node& v) { fill_ = &v; }}},
              out_);
    read_size(side, "'side'", spec.width);
    spec.height = spec.width;
    read_size(width, "'width'", spec.width);
    read_size(height, "'height'", spec.height);
    check_keys(side, width, height);
  }

  void read_size(const yaml_node* value, const char* what, int& to) {
    if (!value) return;
    if (!places.has_size) places.size = value->at;
    places.has_size = true;
    if (const auto n = read_integer(*value, what, 1, largest_side, out_)) to = static_cast<int>(*n);
  }

  // Which of side, width and height may stand together, and with which mode.
  void check_keys(const yaml_node* side, const yaml_node* width, const yaml_node* height) {
    const yaml_node* other = width ? width : height;
    const yaml_node* any = side ? side : other;
    if (!any) return;
    if (spec.mode == resize_mode::none)
      out_.error("unused_key", any->at, "mode: none does not resize, so a size has no meaning; remove it");
    else if (side && other)
      out_.error("unused_key", other->at, "'side' is the width and the height; remove it or the others");
    else if (spec.mode == resize_mode::shortest && other)
      out_.error("wrong_value", other->at, "mode: shortest takes 'side', the length of the shorter one");
    else if (other && !(width && height))
      out_.error("missing_key", other->at,
                 width ? "'width' needs a 'height' beside it" : "'height' needs a 'width' beside it");
  }

  std::string what_;
  const model_port* input_;
  problem_sink& out_;
  const yaml_node *mean_ = nullptr, *std_ = nullptr, *fill_ = nullptr;
};

}  // namespace

std::map<std::string, preprocess_spec> read_preprocess(const yaml_node& value, const std::vector<model_port>* inputs,
                                                       problem_sink& out) {
  std::map<std::string, preprocess_spec> all;
  if (!expect_map(value, "'preprocess'", out)) return all;
  std::vector<std::string> names;
  if (inputs)
    for (const model_port& p : *inputs) names.push_back(p.name);
  for (const auto& [key, entry] : value.entries) {
    const auto i = static_cast<std::size_t>(std::find(names.begin(), names.end(), key.text) - names.begin());
    if (inputs && i == names.size())
      out.error("unknown_input", key.at,
                "'" + key.text + "' is not an input of the model; it has: " + list_names(names) +
                    did_you_mean(key.text, names));
    const std::size_t before = out.errors();
    const model_port* input = i < names.size() ? &(*inputs)[i] : nullptr;
    preprocess_reader reader(key, input, out);
    reader.read(entry);
    if (out.errors() == before && input) check_preprocess(reader.spec, *input, reader.places, out);
    all[key.text] = reader.spec;
  }
  return all;
}

}  // namespace flowrun::core
