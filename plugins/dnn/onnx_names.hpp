// What an ONNX file says of itself before OpenCV opens it: is it whole, and what are its inputs and outputs called?
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace flowrun::dnn_backend {

struct onnx_names {
  std::vector<std::string> inputs;   // without those that are weights of the file
  std::vector<std::string> outputs;  // in the order of the file
};

// `bytes`: the whole file. Throws std::runtime_error with one sentence when it is no ONNX file, or only its beginning.
onnx_names read_onnx_names(std::string_view bytes);

}  // namespace flowrun::dnn_backend
