// How much the vector of a face can be trusted.
#pragma once
#include <flowrun/types/image.hpp>

#include "face_template.hpp"

namespace faces {

struct face_quality {
  double size = 0, sharpness = 0, frontal = 0;  // 0..1 each

  double product() const { return size * sharpness * frontal; }
};

// 1 where the picture has at least as many pixels as the chip shows; of a face at half the chip's size 0.5.
double rate_size(double chip_scale);
// v / (v + 100), where v is the variance of the Laplacian (in grey levels) over the part of the chip that the
// template's landmarks enclose, half as much again added on each side: 0 where all is one grey, 0.5 for v = 100.
double rate_sharpness(const flowrun::image& chip, const face_template& t);
// 1 where the nose lies in the middle between the eyes, along the line through them; 0 where it lies at one of them or
// beyond.
double rate_frontal(const face& f);

face_quality rate(const face& f, const flowrun::image& chip, const face_template& t, double chip_scale);

}  // namespace faces
