// faces.crop: a small square picture of each face.
#pragma once
#include <flowrun/plugin.hpp>

#include "crops.hpp"
#include "faces.hpp"

namespace faces {

struct crop_faces {
  static constexpr auto name = "crop";
  int size = 112, quality = 90;
  double margin = 0.3;

  static void describe(flowrun::description<crop_faces>& d);
  crops run(const flowrun::image& in, const face_list& found) const;
};

}  // namespace faces
