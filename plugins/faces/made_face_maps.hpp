// A network of CenterFace's kind that finds what a test wants it to find.
#pragma once
#include <flowrun/model_file.hpp>
#include <span>
#include <vector>

#include "faces.hpp"

namespace made_face_maps {

// An input of 64 x 64 px, letterboxed; maps of 16 x 16.
inline constexpr int input_side = 64, side = 16, step = 4;
flowrun::model_file model();

// A face in px of the input as a network tells it at one place of its maps.
struct told {
  int x = 0, y = 0;  // the place
  faces::face found;
};
// What the network gives for one row that shows these.
std::vector<flowrun::tensor> write(const std::vector<told>& list);

// w x h px around (x, y), with landmarks inside, told by the place nearest to its middle.
told around(float x, float y, float w, float h, float score);

}  // namespace made_face_maps
