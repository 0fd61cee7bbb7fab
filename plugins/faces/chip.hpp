// The chip of a face: upright, at a network's size.
#pragma once
#include <flowrun/types/image.hpp>

#include "face_template.hpp"

namespace faces {

// What lays a face's landmarks over the template, from the picture's pixels to the chip's; (0, 0) is the middle of the
// first pixel in both. `number` is the face's, for what is said. Throws std::runtime_error with a sentence on landmarks
// that are not finite, all in one point, or too far apart.
similarity align(const face& f, const face_template& to, std::size_t number);

// As large as the template says. Beyond the picture it is black, as in the pictures that such networks are trained
// with. Between pixels it is bilinear; where the face is at least twice as large as the chip, the mean over 2 x 2, 3 x
// 3,
// ... pixels is taken first, so that nothing aliases.
flowrun::image cut_chip(const flowrun::image& picture, const similarity& to_chip, const face_template& size);

}  // namespace faces
