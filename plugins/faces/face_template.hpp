// Where a network for faces wants eyes, nose and mouth to lie: the constant `landmarks` of its model file.
#pragma once
#include <array>
#include <flowrun/model_file.hpp>

#include "faces.hpp"
#include "similarity.hpp"

namespace faces {

struct face_template {
  int width = 0, height = 0;                         // px; of the network's input
  std::array<position, landmark_count> landmarks{};  // px; (0, 0) is the middle of the first pixel
};

// Throws flowrun::input_error with a sentence that names the model and says what is right.
face_template read_face_template(const flowrun::model_file& model);

}  // namespace faces
