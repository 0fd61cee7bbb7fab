#include "raw_output.hpp"

#include <algorithm>
#include <cstring>

#include "find_output.hpp"
#include "typed_values.hpp"

namespace model_stages {

namespace {

std::vector<std::int64_t> shape_of(const flowrun::model_port& p) {
  std::vector<std::int64_t> shape;
  for (const flowrun::dimension& d : p.shape) shape.push_back(d.high);
  return shape;
}

std::string text_of(flowrun::dtype type, const std::vector<std::int64_t>& shape) {
  std::string text = std::string(flowrun::dtype_name(type)) + " [";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

std::string text_of(const flowrun::model_port& p) {
  std::string text = std::string(flowrun::dtype_name(p.type)) + " [";
  for (std::size_t i = 0; i < p.shape.size(); ++i) {
    const flowrun::dimension& d = p.shape[i];
    text += (i ? ", " : "") + std::to_string(d.low) + (d.low == d.high ? "" : ".." + std::to_string(d.high));
  }
  return text + "]";
}

bool fits(const flowrun::tensor& t, const flowrun::model_port& p) {
  return t.type == p.type &&
         std::equal(t.shape.begin(), t.shape.end(), p.shape.begin(), p.shape.end(),
                    [](std::int64_t side, const flowrun::dimension& d) { return d.low <= side && side <= d.high; });
}

std::size_t find_input(const flowrun::model_file& m, const std::string& wanted, const char* param) {
  std::string names;
  for (std::size_t i = 0; i < m.inputs.size(); ++i) {
    if (m.inputs[i].name == wanted) return i;
    names += (names.empty() ? "" : ", ") + m.inputs[i].name;
  }
  throw flowrun::input_error("the model '" + m.name + "' has no input '" + wanted + "', which '" + param +
                             "' names; it has: " + names);
}

}  // namespace

void raw_output::describe(flowrun::description<raw_output>& d) {
  d.doc(
      "One output of a network as it is, for a picture, a tensor, or both.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  depth: {use: model.tensor, in: {image: media.image}, model: mynet}\n"
      "keep: [depth.values]\n"
      "```\n\n"
      "- `tensor` is what other stages read, in the type the network gives; `values` is the same as float32 with its "
      "shape, and can be kept and exported.\n"
      "- A model with one input takes either a picture or a tensor. One with two takes both: the picture goes to the "
      "input that the model file has a `preprocess` for, else to the first, unless `image_input` names it, and the "
      "tensor to the other. A model with more inputs cannot be run by this stage.\n"
      "- A picture becomes its input as `preprocess` says. A tensor must have the type and the shape of its input; "
      "another is an error of the item.\n"
      "- Where a side of the input is a range, such as `32..512`, a tensor has any size within it, and a picture gets "
      "the largest. With `buckets` in the model file the tensor is padded with zeros up to the next of them, and the "
      "output is that of the padded tensor. A side of the output that is a range is as long as the network gives it.");
  d.param("output", &raw_output::output, "which output of the model; empty: the only one");
  d.param("image_input", &raw_output::image_input, "the model's input for the picture; empty: see above");
  d.param("tensor_input", &raw_output::tensor_input, "the model's input for the tensor; empty: see above");
  d.model("net", &raw_output::prepare, &raw_output::finish, {"image", "tensor"}, {"tensor", "values"});
  d.start(&raw_output::start);
}

void raw_output::start(const flowrun::model_calls& calls) {
  const flowrun::model_file& m = calls.model();
  output_ = find_output(m, output);
  inputs_ = m.inputs;
  if (inputs_.size() > 2)
    throw flowrun::input_error("the model '" + m.name + "' has " + std::to_string(inputs_.size()) +
                               " inputs, but this stage gives it a picture and a tensor at most; it needs a stage of "
                               "its own");
  image_ = 0;
  for (std::size_t i = inputs_.size(); i-- > 0;)
    if (m.preprocess.count(inputs_[i].name)) image_ = i;
  if (!tensor_input.empty()) {
    tensor_ = find_input(m, tensor_input, "tensor_input");
    if (inputs_.size() == 2) image_ = 1 - tensor_;
  }
  if (!image_input.empty()) image_ = find_input(m, image_input, "image_input");
  if (tensor_input.empty()) tensor_ = inputs_.size() == 2 ? 1 - image_ : 0;
  if (inputs_.size() == 2 && image_ == tensor_)
    throw flowrun::input_error("'image_input' and 'tensor_input' both name '" + image_input + "'; name two inputs");
}

flowrun::row_shapes raw_output::shapes(const flowrun::image* picture, const flowrun::tensor* values,
                                       std::size_t) const {
  flowrun::row_shapes shapes(inputs_.size());
  if (!values || (picture && image_ == tensor_)) return shapes;
  const flowrun::model_port& port = inputs_[tensor_];
  if (!fits(*values, port))
    throw std::runtime_error("the tensor is " + text_of(values->type, values->shape) + ", but input '" + port.name +
                             "' of the model is " + text_of(port));
  shapes[tensor_] = values->shape;
  return shapes;
}

void raw_output::prepare(const flowrun::image* picture, const flowrun::tensor* values, std::size_t,
                         flowrun::row& row) const {
  if (picture && values && image_ == tensor_)
    throw std::runtime_error("there are a picture and a tensor, but the model has one input; wire one of them");
  for (std::size_t k = 0; k < inputs_.size(); ++k) {
    if (picture && k == image_) {
      row.put(*picture, {}, k);
    } else if (values && k == tensor_) {
      row.put(*values, k);
    } else {
      throw std::runtime_error("there is nothing for input '" + inputs_[k].name + "' of the model; wire " +
                               (k == image_ && k == tensor_ ? "'image' or 'tensor'"
                                : k == image_               ? "'image'"
                                                            : "'tensor'"));
    }
  }
}

std::tuple<flowrun::tensor, shaped_values> raw_output::finish(const flowrun::image*, const flowrun::tensor*,
                                                              const flowrun::result_rows& rows) const {
  const flowrun::model_port& port = rows.model().outputs[output_];
  flowrun::tensor out = flowrun::make_tensor(port.type, port.fixed() ? shape_of(port) : rows.shape(0, output_));
  shaped_values kept;
  kept.shape = out.shape;
  kept.values.reserve(out.count());
  with_type(port.type, [&]<class V>() {
    const std::span<const V> from = rows.values<V>(0, output_);
    std::memcpy(out.data.get(), from.data(), from.size_bytes());
    for (V v : from) kept.values.push_back(to_float(port.type, v));
  });
  return {std::move(out), std::move(kept)};
}

}  // namespace model_stages
