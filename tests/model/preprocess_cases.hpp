// Small images and models for the tests of preprocessing.
#pragma once
#include <limits>
#include <random>

#include "model/preprocess.hpp"

namespace preprocess_cases {

inline flowrun::image make(int width, int height, int channels, const std::vector<std::uint8_t>& bytes) {
  flowrun::image_buffer b(width, height, channels);
  std::memcpy(b.row(0), bytes.data(), static_cast<std::size_t>(width * height * channels));
  return std::move(b).freeze();
}

// Grey; each pixel is ten times its row plus its column.
inline flowrun::image tens(int width, int height) {
  flowrun::image_buffer b(width, height, 1);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) b.row(y)[x] = static_cast<std::uint8_t>(10 * y + x);
  return std::move(b).freeze();
}

inline flowrun::image noise(int width, int height, int channels, unsigned seed) {
  std::mt19937 random(seed);
  flowrun::image_buffer b(width, height, channels);
  for (int i = 0; i < width * height * channels; ++i) b.row(0)[i] = static_cast<std::uint8_t>(random());
  return std::move(b).freeze();
}

inline flowrun::model_file made(const std::vector<std::int64_t>& shape, const flowrun::preprocess_spec& spec = {},
                                flowrun::dtype type = flowrun::dtype::float32) {
  flowrun::model_file m;
  m.name = "m";
  m.file = "models/m.yaml";
  flowrun::model_port port{"image", type, {}, {}};
  for (const std::int64_t side : shape) port.shape.push_back({side, side});
  m.inputs = {port};
  m.preprocess["image"] = spec;
  return m;
}

// The row; NaN (uint8: 77) where nothing was written.
template <class V = float>
std::vector<V> put(const flowrun::model_file& m, const flowrun::image& from, const flowrun::rect& part = {}) {
  std::vector<V> row(m.inputs[0].row_values(),
                     std::is_same_v<V, float> ? std::numeric_limits<V>::quiet_NaN() : static_cast<V>(77));
  flowrun::core::put_image(m, 0, from, part, row.data());
  return row;
}

inline std::vector<float> joined(const std::vector<std::vector<float>>& parts) {
  std::vector<float> all;
  for (const auto& p : parts) all.insert(all.end(), p.begin(), p.end());
  return all;
}

}  // namespace preprocess_cases
