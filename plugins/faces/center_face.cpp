#include "center_face.hpp"

#include <algorithm>
#include <cmath>
#include <flowrun/packet.hpp>

namespace faces {

namespace {

constexpr float largest_size = 6;  // of a logarithm: 400 steps, more than an input has
constexpr std::int64_t maps_of[] = {1, 2, 2, 2 * landmark_count};

[[noreturn]] void refuse(const flowrun::model_file& m) {
  throw flowrun::input_error("the model '" + m.name + "'" + (m.file.empty() ? "" : " (" + m.file + ")") +
                             " is no CenterFace: its outputs must be float32 [1, h, w], [2, h, w], [2, h, w] and "
                             "[10, h, w] for an input [3, n * h, n * w]; take centerface");
}

bool is_map(const flowrun::model_port& p, std::int64_t count, const flowrun::model_port& like) {
  return p.type == flowrun::dtype::float32 && p.fixed() && p.shape.size() == 3 && p.shape[0].high == count &&
         p.shape[1].high == like.shape[1].high && p.shape[2].high == like.shape[2].high;
}

bool is_finite(const face& f) {
  for (const float v : {f.x, f.y, f.w, f.h, f.score})
    if (!std::isfinite(v)) return false;
  return std::all_of(f.landmarks.begin(), f.landmarks.end(), [](float v) { return std::isfinite(v); });
}

face read_face(const face_maps& maps, const map_layout& layout, std::size_t at) {
  const std::size_t all = maps.certainty.size(), across = static_cast<std::size_t>(layout.width);
  auto length = [&](std::size_t map) {
    return std::exp(std::min(maps.sizes[map * all + at], largest_size)) * layout.step;
  };
  auto middle = [&](std::size_t map, std::size_t place) {
    return (static_cast<double>(place) + static_cast<double>(maps.offsets[map * all + at]) + 0.5) * layout.step;
  };
  const double h = length(0), w = length(1), left = middle(1, at % across) - w / 2,
               top = middle(0, at / across) - h / 2;
  face f;
  f.x = static_cast<float>(left);
  f.y = static_cast<float>(top);
  f.w = static_cast<float>(w);
  f.h = static_cast<float>(h);
  f.score = maps.certainty[at];
  for (std::size_t i = 0; i < landmark_count; ++i) {
    f.landmarks[2 * i] = static_cast<float>(left + static_cast<double>(maps.landmarks[(2 * i + 1) * all + at]) * w);
    f.landmarks[2 * i + 1] = static_cast<float>(top + static_cast<double>(maps.landmarks[2 * i * all + at]) * h);
  }
  return f;
}

}  // namespace

map_layout read_layout(const flowrun::model_file& m) {
  if (m.outputs.size() < 4 || m.inputs.empty() || m.inputs[0].shape.size() != 3 || m.outputs[0].shape.size() != 3)
    refuse(m);
  for (std::size_t i = 0; i < 4; ++i)
    if (!is_map(m.outputs[i], maps_of[i], m.outputs[0])) refuse(m);
  const auto &in = m.inputs[0].shape, &map = m.outputs[0].shape;
  const std::int64_t step = in[1].high / map[1].high;
  if (step < 1 || map[1].high * step != in[1].high || map[2].high * step != in[2].high) refuse(m);
  return {static_cast<int>(map[2].high), static_cast<int>(map[1].high), static_cast<double>(step)};
}

std::vector<face> read_faces(const face_maps& maps, const map_layout& layout, double threshold) {
  std::vector<face> list;
  for (std::size_t at = 0; at < maps.certainty.size(); ++at) {
    if (!(static_cast<double>(maps.certainty[at]) >= threshold)) continue;
    const face f = read_face(maps, layout, at);
    if (is_finite(f)) list.push_back(f);
  }
  return list;
}

void to_picture(face& f, const flowrun::placement& at) {
  auto x = [&](float v) { return static_cast<float>(at.image_x(static_cast<double>(v))); };
  auto y = [&](float v) { return static_cast<float>(at.image_y(static_cast<double>(v))); };
  f.x = x(f.x);
  f.y = y(f.y);
  f.w = static_cast<float>(static_cast<double>(f.w) / at.scale_x);
  f.h = static_cast<float>(static_cast<double>(f.h) / at.scale_y);
  for (std::size_t i = 0; i < landmark_count; ++i) {
    f.landmarks[2 * i] = x(f.landmarks[2 * i]);
    f.landmarks[2 * i + 1] = y(f.landmarks[2 * i + 1]);
  }
}

}  // namespace faces
