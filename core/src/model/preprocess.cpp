// Places the image, resamples what is seen of it, and writes it through a table of 256 values per channel.
#include "preprocess.hpp"

#include <algorithm>
#include <cmath>

#include "image_placement.hpp"
#include "resample.hpp"
#include "row_shape.hpp"

namespace flowrun::core {
namespace {

template <class V> struct channel_values {
  std::array<V, 256> of;  // each pixel value
  V fill;
  std::size_t byte;  // of the image's pixel
};

template <class V> V normalise(const preprocess_spec& spec, std::size_t channel, double pixel) {
  if constexpr (std::is_same_v<V, std::uint8_t>)
    return static_cast<std::uint8_t>(std::clamp(std::nearbyint(pixel), 0.0, 255.0));
  else
    return static_cast<V>((pixel * spec.scale - spec.mean[channel]) / spec.std[channel]);
}

template <class V> channel_values<V> tabulate(const preprocess_spec& spec, std::size_t channel, int image_channels) {
  channel_values<V> values;
  for (int v = 0; v < 256; ++v) values.of[static_cast<std::size_t>(v)] = normalise<V>(spec, channel, v);
  values.fill = normalise<V>(spec, channel, spec.fill[channel]);
  values.byte = image_channels == 1 ? 0 : spec.order == channel_order::rgb ? 2 - channel : channel;
  return values;
}

// A part of the input's columns or rows.
struct extent {
  extent(std::int64_t first, std::int64_t length, int size)
      : begin(static_cast<int>(std::clamp<std::int64_t>(first, 0, size))),
        end(static_cast<int>(std::clamp<std::int64_t>(first + length, begin, size))) {}
  int count() const { return end - begin; }
  bool has(int i) const { return begin <= i && i < end; }
  int begin, end;
};

struct seen_areas {
  seen_areas(const image_placement& p, const row_shape& shape)
      : columns(p.content.left, p.content.width, shape.width),
        rows(p.content.top, p.content.height, shape.height),
        canvas_columns(p.canvas.left, p.canvas.width, shape.width),
        canvas_rows(p.canvas.top, p.canvas.height, shape.height) {}
  extent columns, rows, canvas_columns, canvas_rows;
};

template <class V> void fill_run(V* row, std::size_t step, int begin, int end, V value) {
  for (int x = begin; x < end; ++x) row[static_cast<std::size_t>(x) * step] = value;
}

// One row of one channel; `pixels` is the content's, null beside it.
template <class V> void write_row(const seen_areas& seen, const channel_values<V>& values, bool in_canvas,
                                  const std::uint8_t* pixels, std::size_t pixel_step, int width, V* to,
                                  std::size_t step) {
  const extent none(0, 0, width);
  const extent canvas = in_canvas ? seen.canvas_columns : none;
  const extent content = pixels ? seen.columns : extent(canvas.begin, 0, width);
  fill_run(to, step, 0, canvas.begin, values.of[0]);
  fill_run(to, step, canvas.begin, content.begin, values.fill);
  if (pixels) {
    const std::uint8_t* from = pixels + values.byte;
    V* at = to + static_cast<std::size_t>(content.begin) * step;
    for (int x = content.count(); x > 0; --x, from += pixel_step, at += step) *at = values.of[*from];
  }
  fill_run(to, step, content.end, canvas.end, values.fill);
  fill_run(to, step, canvas.end, width, values.of[0]);
}

template <class V> void write(const preprocess_spec& spec, const row_shape& shape, const seen_areas& seen,
                              const resized_pixels& pixels, V* to) {
  const auto channels = static_cast<std::size_t>(shape.channels), width = static_cast<std::size_t>(shape.width),
             height = static_cast<std::size_t>(shape.height), step = shape.interleaved ? channels : 1;
  for (std::size_t c = 0; c < channels; ++c) {
    const channel_values<V> values = tabulate<V>(spec, c, pixels.channels);
    V* row = to + (shape.interleaved ? c : c * width * height);
    for (int y = 0; y < shape.height; ++y, row += width * step)
      write_row(seen, values, seen.canvas_rows.has(y), seen.rows.has(y) ? pixels.row(y - seen.rows.begin) : nullptr,
                static_cast<std::size_t>(pixels.channels), shape.width, row, step);
  }
}

void check_image(const image& from, const std::string& input) {
  if (from.width <= 0 || from.height <= 0 || !from.pixels)
    throw std::invalid_argument("an empty image (" + size_in_pixels(from.width, from.height) +
                                ") cannot become input '" + input + "'");
  if (from.channels != 1 && from.channels != 3 && from.channels != 4)
    throw std::invalid_argument("an image of " + std::to_string(from.channels) + " channels cannot become input '" +
                                input + "'; it may have 1 (grey), 3 (BGR) or 4 (BGRA)");
}

placement to_input(const image_placement& p) {
  return {p.from, static_cast<double>(p.content.left), static_cast<double>(p.content.top),
          static_cast<double>(p.content.width) / p.from.width, static_cast<double>(p.content.height) / p.from.height};
}

}  // namespace

placement put_image(const model_file& model, std::size_t input, const image& from, const rect& part, void* to) {
  static const preprocess_spec plain;
  thread_local resampler scratch;

  const model_port& port = model.inputs.at(input);
  const auto written = model.preprocess.find(port.name);
  const preprocess_spec& spec = written == model.preprocess.end() ? plain : written->second;
  const row_shape shape = read_row_shape(model, port, spec);
  check_image(from, port.name);
  const image_placement place = place_image(spec, shape.width, shape.height, from, part, port.name);
  const seen_areas seen(place, shape);

  resize_request want;
  want.filter = spec.mode == resize_mode::none ? resize_filter::nearest : spec.filter;
  want.from = place.from;
  want.width = place.content.width;
  want.height = place.content.height;
  want.left = seen.columns.begin - place.content.left;
  want.top = seen.rows.begin - place.content.top;
  want.columns = seen.columns.count();
  want.rows = seen.rows.count();
  want.gray = (spec.order == channel_order::gray || port.shape.size() == 2) && from.channels != 1;
  const resized_pixels pixels = scratch.resize(from, want);
  if (port.type == dtype::uint8)
    write(spec, shape, seen, pixels, static_cast<std::uint8_t*>(to));
  else
    write(spec, shape, seen, pixels, static_cast<float*>(to));
  return to_input(place);
}

}  // namespace flowrun::core
