// What a model stage writes and reads: rows of the network's inputs, rows of its outputs.
#pragma once
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "model_file.hpp"
#include "row_shapes.hpp"
#include "types/image.hpp"

namespace flowrun {

// In pixels of an image; without a size: all of it. It may reach beyond the image, whose border pixels then repeat.
struct rect {
  double x = 0, y = 0, width = 0, height = 0;
};

// Where put() placed a part of an image in a network's input. Numbers count from the corner of the first pixel, so the
// middle of that pixel is 0.5.
struct placement {
  rect from;                        // of the image
  double left = 0, top = 0;         // px of the input; where `from` begins, below 0 where it was cropped
  double scale_x = 1, scale_y = 1;  // px of the input for one of the image

  double image_x(double input_x) const { return from.x + (input_x - left) / scale_x; }
  double image_y(double input_y) const { return from.y + (input_y - top) / scale_y; }
  double input_x(double image_x) const { return left + (image_x - from.x) * scale_x; }
  double input_y(double image_y) const { return top + (image_y - from.y) * scale_y; }
};

// What all rows of a stage have in common.
struct row_format {
  const model_file* model = nullptr;
  // Writes `part` of the image as `input` of the model wants it, and says where it lies there. Set by the runtime.
  placement (*put)(const model_file& model, std::size_t input, const image& from, const rect& part, void* to) = nullptr;
};

// One row of the network's input, in the buffer of the batch that will be run. Write every value of it; where it is
// larger than the stage asked for (row_shapes), what lies beside that is 0 already.
class row {
 public:
  // Without `shapes`: of the largest shapes.
  row(const row_format& format, void* const* inputs, const row_shapes* shapes = nullptr)
      : format_(&format), inputs_(inputs), shapes_(shapes) {}

  // The sides of an input: those of its bucket, where it is larger than the stage asked for.
  std::vector<std::int64_t> shape(std::size_t input = 0) const {
    const model_port& port = at(input);
    return shapes_ ? (*shapes_)[input] : detail::largest_shape(port);
  }
  std::vector<std::int64_t> shape(std::string_view input) const { return shape(find(input)); }

  // The values of an input, in the order of its shape. Throws std::logic_error when the model has no such input or it
  // is not of type V.
  template <class V = float> std::span<V> values(std::size_t input = 0) const {
    const model_port& port = at(input);
    if (!is_dtype<V>(port.type))
      throw std::logic_error("the model's input '" + port.name + "' is " + dtype_name(port.type));
    std::size_t n = 1;
    if (shapes_)
      for (std::int64_t side : (*shapes_)[input]) n *= static_cast<std::size_t>(side);
    return {static_cast<V*>(inputs_[input]), shapes_ ? n : port.row_values()};
  }
  template <class V = float> std::span<V> values(std::string_view input) const { return values<V>(find(input)); }

  // Resizes, crops and normalises as the model file's `preprocess` says. Gives where the part lies in the input, for
  // turning what the network finds there into px of the image. Throws std::invalid_argument on an empty image or part,
  // std::logic_error where the row is not of the largest shape.
  placement put(const image& from, const rect& part = {}, std::size_t input = 0) const {
    const model_port& port = at(input);
    if (shapes_ && (*shapes_)[input] != detail::largest_shape(port))
      throw std::logic_error("put() writes an image into rows of the largest shape only, but this row is " +
                             detail::shape_text((*shapes_)[input]) + " for the input '" + port.name +
                             "' of the model '" + format_->model->name + "', which takes " + detail::shape_text(port));
    return format_->put(*format_->model, input, from, part, inputs_[input]);
  }
  placement put(const image& from, const rect& part, std::string_view input) const {
    return put(from, part, find(input));
  }

  // Copies a tensor in the CPU's memory. On ranged sides it may be smaller than the row: then it lies in the corner
  // where all indices are 0, and 0 is written beside it. Throws std::invalid_argument when it does not fit.
  void put(const tensor& from, std::size_t input = 0) const {
    const model_port& port = at(input);
    const std::vector<std::int64_t> to = shape(input);
    bool fits = from.type == port.type && from.where.on_cpu() && from.shape.size() == to.size();
    for (std::size_t i = 0; fits && i < to.size(); ++i)
      fits = from.shape[i] == to[i] ||
             (port.shape[i].low < port.shape[i].high && 0 <= from.shape[i] && from.shape[i] < to[i]);
    if (!fits)
      throw std::invalid_argument(std::string("a tensor of ") + dtype_name(from.type) + " " +
                                  detail::shape_text(from.shape) + " on " + from.where.text() +
                                  " does not fit the row of " + dtype_name(port.type) + " " + detail::shape_text(to) +
                                  " for the input '" + port.name + "' of the model '" + format_->model->name + "'");
    detail::put_in_corner(static_cast<const char*>(from.data.get()), from.shape, static_cast<char*>(inputs_[input]), to,
                          dtype_bytes(port.type));
  }
  void put(const tensor& from, std::string_view input) const { put(from, find(input)); }

 private:
  const model_port& at(std::size_t input) const {
    const auto& all = format_->model->inputs;
    if (input >= all.size()) throw std::logic_error("the model has no input " + std::to_string(input));
    return all[input];
  }
  std::size_t find(std::string_view name) const {
    const auto& all = format_->model->inputs;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].name == name) return i;
    throw std::logic_error("the model has no input '" + std::string(name) + "'");
  }
  const row_format* format_;
  void* const* inputs_;
  const row_shapes* shapes_;
};

// One row of a batch's outputs.
struct result_row {
  std::shared_ptr<const std::vector<tensor>> outputs;
  std::size_t index = 0;
};

// The network's answers to the rows of one packet, in the order in which they were prepared.
class result_rows {
 public:
  result_rows(const model_file& model, const std::vector<result_row>& rows) : model_(&model), rows_(&rows) {}

  std::size_t size() const { return rows_->size(); }
  bool empty() const { return rows_->empty(); }
  // The first output of a row. Throws std::logic_error when it is not float32.
  std::span<const float> operator[](std::size_t row) const { return values<float>(row, 0); }
  template <class V = float> std::span<const V> values(std::size_t row, std::size_t output) const {
    const tensor& t = (*rows_)[row].outputs->at(output);
    auto all = t.values<const V>();
    std::size_t each = all.size() / static_cast<std::size_t>(t.shape.at(0));
    return all.subspan((*rows_)[row].index * each, each);
  }
  template <class V = float> std::span<const V> values(std::size_t row, std::string_view output) const {
    return values<V>(row, find(output));
  }
  // The sides of a row of an output as the network gave them. Where the model file has a range they may differ from row
  // to row; of a row that was padded to its bucket they are those of the padded one.
  std::vector<std::int64_t> shape(std::size_t row, std::size_t output = 0) const {
    const std::vector<std::int64_t>& all = (*rows_)[row].outputs->at(output).shape;
    return {all.begin() + 1, all.end()};
  }
  std::vector<std::int64_t> shape(std::size_t row, std::string_view output) const { return shape(row, find(output)); }
  const model_file& model() const { return *model_; }

 private:
  std::size_t find(std::string_view output) const {
    for (std::size_t o = 0; o < model_->outputs.size(); ++o)
      if (model_->outputs[o].name == output) return o;
    throw std::logic_error("the model has no output '" + std::string(output) + "'");
  }
  const model_file* model_;
  const std::vector<result_row>* rows_;
};

}  // namespace flowrun
