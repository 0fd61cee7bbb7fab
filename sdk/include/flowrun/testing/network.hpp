// A network that a test writes as a function, held to what its model file says.
#pragma once
#include <functional>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../model_file.hpp"

namespace flowrun::testing {

// The values of one row in, those of one row out: for a model of one float32 input and one float32 output.
using row_network = std::function<std::vector<float>(std::span<const float> row)>;
// One tensor per input of the model in, one per output out; the first side counts the rows.
using tensor_network = std::function<std::vector<tensor>(std::span<const tensor> inputs)>;

namespace detail {

inline std::vector<std::int64_t> batch_shape(const model_port& port, std::size_t rows) {
  std::vector<std::int64_t> shape = {static_cast<std::int64_t>(rows)};
  for (const dimension& side : port.shape) shape.push_back(side.high);
  return shape;
}

// Throws std::invalid_argument unless the network can stand for the model, and what it gave for the model's outputs.
class checked_network {
 public:
  checked_network(const model_file& file, tensor_network network) : network_(std::move(network)) { check(file); }
  checked_network(const model_file& file, row_network network) {
    check(file);
    if (file.inputs.size() != 1 || file.outputs.size() != 1 || file.inputs[0].type != dtype::float32 ||
        file.outputs[0].type != dtype::float32)
      throw std::invalid_argument("the model '" + file.name +
                                  "' has not just one input and one output of float32; give its network as a "
                                  "function of std::span<const flowrun::tensor>");
    network_ = [&file, network = std::move(network)](std::span<const tensor> in) {
      return std::vector<tensor>{run_rows(file, network, in[0])};
    };
  }

  // By one thread at a time.
  std::vector<tensor> run(const model_file& file, std::span<const tensor> in) {
    std::lock_guard lock(mutex_);
    std::vector<tensor> out = network_(in);
    const auto rows = static_cast<std::size_t>(in[0].shape[0]);
    if (out.size() != file.outputs.size())
      throw std::invalid_argument("the network gave " + std::to_string(out.size()) + " outputs, the model '" +
                                  file.name + "' has " + std::to_string(file.outputs.size()));
    for (std::size_t o = 0; o < out.size(); ++o)
      if (out[o].type != file.outputs[o].type || out[o].shape != batch_shape(file.outputs[o], rows))
        throw std::invalid_argument("the network gave " + shape_text(out[o]) + " as output '" + file.outputs[o].name +
                                    "' of " + std::to_string(rows) + " rows, the model '" + file.name + "' has " +
                                    shape_text({file.outputs[o].type, batch_shape(file.outputs[o], rows), {}}));
    return out;
  }

 private:
  static std::string shape_text(const tensor& t) {
    std::string text = std::string(dtype_name(t.type)) + " [";
    for (std::size_t i = 0; i < t.shape.size(); ++i) text += (i ? ", " : "") + std::to_string(t.shape[i]);
    return text + "]";
  }
  static void check(const model_file& file) {
    for (const auto* ports : {&file.inputs, &file.outputs}) {
      if (ports->empty()) throw std::invalid_argument("the model '" + file.name + "' needs inputs and outputs");
      for (const model_port& p : *ports)
        if (!p.fixed())
          throw std::invalid_argument("the model '" + file.name + "' has '" + p.name +
                                      "' of a shape with a range; rows of one size are batched");
    }
  }
  static tensor run_rows(const model_file& file, const row_network& network, const tensor& in) {
    const auto rows = static_cast<std::size_t>(in.shape[0]);
    const std::size_t each = file.inputs[0].row_values(), wanted = file.outputs[0].row_values();
    tensor out = make_tensor(dtype::float32, batch_shape(file.outputs[0], rows));
    for (std::size_t r = 0; r < rows; ++r) {
      const std::vector<float> row = network(in.values<const float>().subspan(r * each, each));
      if (row.size() != wanted)
        throw std::invalid_argument("the network gave " + std::to_string(row.size()) + " values for a row, output '" +
                                    file.outputs[0].name + "' has " + std::to_string(wanted));
      std::copy(row.begin(), row.end(), out.values<float>().subspan(r * wanted, wanted).begin());
    }
    return out;
  }

  tensor_network network_;
  std::mutex mutex_;
};

}  // namespace detail

}  // namespace flowrun::testing
