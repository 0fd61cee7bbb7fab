// CenterFace's answer: four maps of a quarter of its input's size, and the faces they speak of.
#pragma once
#include <flowrun/model_file.hpp>
#include <flowrun/rows.hpp>
#include <span>
#include <vector>

#include "faces.hpp"

namespace faces {

// How the maps lie.
struct map_layout {
  int width = 0, height = 0;  // values
  double step = 4;            // px of the input between two values
};

// A value for each place, row by row; several maps of a kind lie one after the other.
struct face_maps {
  std::span<const float> certainty;  // 1 map
  std::span<const float> sizes;      // 2: height, width; logarithms, in steps
  std::span<const float> offsets;    // 2: y, x; of the box's middle from the middle of the place, in steps
  std::span<const float> landmarks;  // 10: y and x of each point, from the box's corner, in box heights and widths
};

// The order of the model's outputs is that of face_maps. Throws flowrun::input_error with a sentence when they are not
// such maps.
map_layout read_layout(const flowrun::model_file& model);

// In px of the input, with a certainty of at least `threshold`, in the order of the maps; each may be there many times.
std::vector<face> read_faces(const face_maps& maps, const map_layout& layout, double threshold);

// From px of the input to px of the image it was made of.
void to_picture(face& f, const flowrun::placement& at);

}  // namespace faces
