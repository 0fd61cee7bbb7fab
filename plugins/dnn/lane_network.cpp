#include "lane_network.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace flowrun::dnn_backend {

namespace {

using sides = std::vector<std::int64_t>;

std::string text_of(const sides& shape) {
  std::string text;
  for (const std::int64_t side : shape) text += (text.empty() ? "" : ", ") + std::to_string(side);
  return "[" + text + "]";
}

std::string text_of(const model_port& p) {
  std::string text;
  for (const dimension& d : p.shape)
    text += (text.empty() ? "" : ", ") + std::to_string(d.low) + (d.low == d.high ? "" : ".." + std::to_string(d.high));
  return "[" + text + "]";
}

sides shape_of(const cv::Mat& m) {
  return {m.size.p, m.size.p + m.dims};
}

// OpenCV has no matrix of less than two dimensions, so sides of 1 say nothing.
sides without_ones(sides s) {
  s.erase(std::remove(s.begin(), s.end(), 1), s.end());
  return s;
}

bool fits(const sides& shape, std::size_t rows, const model_port& p) {
  if (shape.empty() || shape[0] != static_cast<std::int64_t>(rows)) return false;
  const sides row(shape.begin() + 1, shape.end());
  sides declared;
  for (const dimension& d : p.shape) declared.push_back(d.high);
  if (p.fixed()) return without_ones(row) == without_ones(declared);
  std::size_t values = 1;
  for (const std::int64_t side : row) values *= static_cast<std::size_t>(side);
  return values <= p.row_values();
}

// With the sides that the model file declares, where they are fixed.
tensor copy(const cv::Mat& from, std::size_t rows, const model_port* declared) {
  sides shape = shape_of(from);
  if (declared && declared->fixed()) {
    shape = {static_cast<std::int64_t>(rows)};
    for (const dimension& d : declared->shape) shape.push_back(d.high);
  }
  tensor to = make_tensor(dtype::float32, std::move(shape));
  const cv::Mat dense = from.isContinuous() ? from : from.clone();
  std::memcpy(to.data.get(), dense.data, bytes(to));
  return to;
}

cv::Mat view(const tensor& t) {
  std::vector<int> shape;
  for (const std::int64_t side : t.shape) shape.push_back(static_cast<int>(side));
  return {shape, CV_32F, t.data.get()};
}

}  // namespace

lane_network::lane_network(const std::string& bytes, const model_file& model, const network_ports& ports)
    : model_(model), ports_(ports), net_(cv::dnn::readNetFromONNX(bytes.data(), bytes.size())) {
  net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  net_.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
  // Joined layers are a tenth faster. But OpenCV joins by changing weights, anew for every size of the input: the
  // second size has wrong answers.
  net_.enableFusion(ports.one_size);
}

std::vector<tensor> lane_network::run(std::span<const tensor> in, std::size_t rows) {
  for (std::size_t i = 0; i < in.size(); ++i) net_.setInput(view(in[i]), ports_.inputs[i]);
  std::vector<cv::Mat> answers;
  net_.forward(answers, ports_.outputs);
  std::vector<tensor> out;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const model_port* declared = model_.outputs.empty() ? nullptr : &model_.outputs[i];
    const cv::Mat& m = answers[i];
    if (m.depth() != CV_32F || m.channels() != 1)
      throw std::runtime_error("its output '" + ports_.outputs[i] + "' is not float32, all the dnn backend gives");
    if (declared && !fits(shape_of(m), rows, *declared))
      throw std::runtime_error("its output '" + declared->name + "' for " + std::to_string(rows) +
                               (rows == 1 ? " row" : " rows") + " is " + text_of(shape_of(m)) +
                               "; its model file declares " + text_of(*declared) + " a row");
    out.push_back(copy(m, rows, declared));
  }
  return out;
}

}  // namespace flowrun::dnn_backend
