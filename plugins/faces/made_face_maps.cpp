#include "made_face_maps.hpp"

#include <algorithm>
#include <cmath>

namespace made_face_maps {

using flowrun::dimension;
using flowrun::dtype;

flowrun::model_file model() {
  flowrun::model_file m;
  m.name = "made";
  m.task = "face-detection";
  m.inputs.push_back({"image", dtype::float32, {{3, 3}, {input_side, input_side}, {input_side, input_side}}, {}});
  m.preprocess["image"].mode = flowrun::resize_mode::letterbox;
  for (const auto& [name, maps] :
       {std::pair("certainty", 1), std::pair("sizes", 2), std::pair("offsets", 2), std::pair("landmarks", 10)})
    m.outputs.push_back({name, dtype::float32, {{maps, maps}, {side, side}, {side, side}}, {}});
  return m;
}

std::vector<flowrun::tensor> write(const std::vector<told>& list) {
  std::vector<flowrun::tensor> maps;
  for (const int count : {1, 2, 2, 10}) {
    maps.push_back(flowrun::make_tensor(dtype::float32, {1, count, side, side}));
    const std::span<float> all = maps.back().values<float>();
    std::fill(all.begin(), all.end(), 0.0F);
  }
  for (const told& t : list) {
    auto put = [&](std::size_t output, int map, float v) {
      maps[output].values<float>()[static_cast<std::size_t>((map * side + t.y) * side + t.x)] = v;
    };
    const faces::face& f = t.found;
    put(0, 0, f.score);
    put(1, 0, std::log(f.h / step));
    put(1, 1, std::log(f.w / step));
    put(2, 0, (f.y + f.h / 2) / step - static_cast<float>(t.y) - 0.5F);
    put(2, 1, (f.x + f.w / 2) / step - static_cast<float>(t.x) - 0.5F);
    for (int i = 0; i < static_cast<int>(faces::landmark_count); ++i) {
      put(3, 2 * i, (f.landmarks[static_cast<std::size_t>(2 * i + 1)] - f.y) / f.h);
      put(3, 2 * i + 1, (f.landmarks[static_cast<std::size_t>(2 * i)] - f.x) / f.w);
    }
  }
  return maps;
}

told around(float x, float y, float w, float h, float score) {
  told t;
  auto place = [](float v) { return std::clamp(static_cast<int>(v / step), 0, side - 1); };
  t.x = place(x);
  t.y = place(y);
  t.found = {x - w / 2, y - h / 2, w, h, score, {}};
  t.found.landmarks = {x - w / 4, y - h / 5, x + w / 4, y - h / 6, x, y, x - w / 5, y + h / 4, x + w / 5, y + h / 3};
  return t;
}

}  // namespace made_face_maps
