#include "lane_network.hpp"

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

// The sides of a row that are not 1: OpenCV has no matrix of less than two dimensions.
template <class Sides> std::vector<dimension> long_sides(const Sides& row) {
  std::vector<dimension> left;
  for (const auto& d : row)
    if (d.low != 1 || d.high != 1) left.push_back({d.low, d.high});
  return left;
}

bool fits(const sides& shape, std::size_t rows, const model_port& p) {
  if (shape.empty() || shape[0] != static_cast<std::int64_t>(rows)) return false;
  std::vector<dimension> row;
  for (std::size_t i = 1; i < shape.size(); ++i) row.push_back({shape[i], shape[i]});
  const std::vector<dimension> declared = long_sides(p.shape);
  row = long_sides(row);
  if (!p.fixed()) {  // a ranged side may be 1 as well, so sides cannot be told apart by that
    std::size_t values = 1;
    for (const dimension& d : row) values *= static_cast<std::size_t>(d.high);
    return values <= p.row_values();
  }
  if (row.size() != declared.size()) return false;
  for (std::size_t i = 0; i < row.size(); ++i)
    if (row[i].high != declared[i].high) return false;
  return true;
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
