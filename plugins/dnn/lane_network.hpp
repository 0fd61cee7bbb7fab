// One network of OpenCV with its memory: for one call at a time.
#pragma once
#include <flowrun/model_file.hpp>
#include <opencv2/dnn.hpp>
#include <span>
#include <string>
#include <vector>

namespace flowrun::dnn_backend {

// What of the file is given and asked for, in the order of the model file.
struct network_ports {
  std::vector<std::string> inputs, outputs;  // as the ONNX file names them
  bool one_size = false;                     // every call has the same number of rows, of the same shapes
};

class lane_network {
 public:
  // `bytes`: an ONNX file. Throws cv::Exception.
  lane_network(const std::string& bytes, const model_file& model, const network_ports& ports);

  // The answer to `rows` rows. Throws cv::Exception, or std::runtime_error with one sentence where an output is not
  // what the model file declares; the network is of no use then.
  std::vector<tensor> run(std::span<const tensor> in, std::size_t rows);

 private:
  const model_file& model_;
  const network_ports& ports_;
  cv::dnn::Net net_;
};

}  // namespace flowrun::dnn_backend
