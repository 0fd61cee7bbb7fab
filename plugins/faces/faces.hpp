// What faces.detect finds in a picture.
#pragma once
#include <array>
#include <flowrun/codec.hpp>
#include <vector>

namespace faces {

// Points of a landmark list, as they lie in an upright face seen by the viewer.
enum class landmark : std::uint8_t { left_eye, right_eye, nose, left_mouth, right_mouth };
inline constexpr std::size_t landmark_count = 5;

// (x, y) is the corner next to the picture's first pixel. A box may reach beyond the picture.
struct face {
  float x = 0, y = 0, w = 0, h = 0;
  float score = 0;
  std::array<float, 2 * landmark_count> landmarks{};

  static void fields(flowrun::fields<face>& f) {
    f.field("x", &face::x, "px; left side");
    f.field("y", &face::y, "px; upper side");
    f.field("w", &face::w, "px; width");
    f.field("h", &face::h, "px; height");
    f.field("score", &face::score, "0..1; the network's certainty");
    f.field(
        "landmarks", &face::landmarks,
        "px; x and y of the eyes, the nose and the corners of the mouth, of each pair first the one further left in "
        "an upright face");
  }
};

struct face_list {
  static constexpr auto port = "faces.faces/1";
  int width = 0, height = 0;
  std::vector<face> list;

  static void fields(flowrun::fields<face_list>& f) {
    f.field("width", &face_list::width, "px; of the picture");
    f.field("height", &face_list::height, "px; of the picture");
    f.field("list", &face_list::list, "the highest score first; empty: none was found");
  }
};

}  // namespace faces
