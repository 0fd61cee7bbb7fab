// From an image to one row of a network's input, as the model file's `preprocess` says.
#pragma once
#include <flowrun/rows.hpp>

namespace flowrun::core {

// The row_format's function. `part` without a size: the whole image. Throws std::invalid_argument on an empty image or
// part and on one whose channels do not fit, with a sentence.
placement put_image(const model_file& model, std::size_t input, const image& from, const rect& part, void* to);

}  // namespace flowrun::core
