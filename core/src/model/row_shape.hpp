// How an input's shape holds an image.
#pragma once
#include <flowrun/model_file.hpp>

namespace flowrun::core {

struct row_shape {
  int width = 0, height = 0, channels = 0;
  bool interleaved = false;
};

// Of the largest shape where sides are ranged, as model_port::row_values. Throws std::invalid_argument when the input
// cannot hold an image in this order and layout, or not as its type.
row_shape read_row_shape(const model_file& model, const model_port& input, const preprocess_spec& spec);

}  // namespace flowrun::core
