// What a network gives, held against its model file.
#pragma once
#include <flowrun/model_file.hpp>

#include <string>
#include <vector>

namespace flowrun::torch_backend {

// Of an answer to rows of zeros in the largest shapes. Where the model file declares a range, any shape up to its end
// fits. "it gave ..., its model file declares ..."; empty: it fits, or no outputs are declared.
std::string find_unfit_output(const model_file& model, const std::vector<tensor>& out, std::size_t rows);

}  // namespace flowrun::torch_backend
