// Small TorchScript files for the tests.
#pragma once
#include <flowrun/model_file.hpp>

#include <string>

namespace flowrun::torch_backend {

// Writes a network whose method `forward` is this TorchScript code, with the weights `weights` [8, 3, 3, 3] (values
// from -1 to 1, always the same). Returns its path; it is removed at the end of the process.
std::string make_script(const std::string& code);
// The same with `state` and `places` [1, 4], zeros: an attribute and a buffer.
std::string make_state_script(const std::string& code);
// The code of a convolution with a sum over pixels: [n, 3, 16, 16] -> [n, 8].
std::string convolution_code();
std::string write_text_file(const std::string& text);

model_file convolution_model();

}  // namespace flowrun::torch_backend
