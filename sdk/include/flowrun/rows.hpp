// What a model stage writes and reads: rows of the network's inputs, rows of its outputs.
#pragma once
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "model_file.hpp"
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

// One row of the network's input, in the buffer of the batch that will be run. Write every value of it.
class row {
 public:
  row(const row_format& format, void* const* inputs) : format_(&format), inputs_(inputs) {}

  // The values of an input, in the order of the model's shape. Throws std::logic_error when the model has no such
  // input or it is not of type V.
  template <class V = float> std::span<V> values(std::size_t input = 0) const {
    const auto& all = format_->model->inputs;
    if (input >= all.size()) throw std::logic_error("the model has no input " + std::to_string(input));
    if (!is_dtype<V>(all[input].type))
      throw std::logic_error("the model's input '" + all[input].name + "' is " + dtype_name(all[input].type));
    return {static_cast<V*>(inputs_[input]), all[input].row_values()};
  }
  template <class V = float> std::span<V> values(std::string_view input) const { return values<V>(find(input)); }

  // Resizes, crops and normalises as the model file's `preprocess` says. Gives where the part lies in the input, for
  // turning what the network finds there into px of the image. Throws std::invalid_argument on an empty image or part.
  placement put(const image& from, const rect& part = {}, std::size_t input = 0) const {
    if (input >= format_->model->inputs.size())
      throw std::logic_error("the model has no input " + std::to_string(input));
    return format_->put(*format_->model, input, from, part, inputs_[input]);
  }
  placement put(const image& from, const rect& part, std::string_view input) const {
    return put(from, part, find(input));
  }

 private:
  std::size_t find(std::string_view name) const {
    const auto& all = format_->model->inputs;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].name == name) return i;
    throw std::logic_error("the model has no input '" + std::string(name) + "'");
  }
  const row_format* format_;
  void* const* inputs_;
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
    for (std::size_t o = 0; o < model_->outputs.size(); ++o)
      if (model_->outputs[o].name == output) return values<V>(row, o);
    throw std::logic_error("the model has no output '" + std::string(output) + "'");
  }
  const model_file& model() const { return *model_; }

 private:
  const model_file* model_;
  const std::vector<result_row>* rows_;
};

}  // namespace flowrun
