// A network that a test writes as a function, held to what its model file says.
#pragma once
#include <functional>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../row_shapes.hpp"

namespace flowrun::testing {

// The values of one row in, those of one row out: for a model of one float32 input and one float32 output.
using row_network = std::function<std::vector<float>(std::span<const float> row)>;
// One tensor per input of the model in, one per output out; the first side counts the rows.
using tensor_network = std::function<std::vector<tensor>(std::span<const tensor> inputs)>;

namespace detail {

using flowrun::detail::largest_shape;
using flowrun::detail::round_up;
using flowrun::detail::shape_text;

inline std::vector<std::int64_t> batch_shape(std::size_t rows, std::vector<std::int64_t> shape) {
  shape.insert(shape.begin(), static_cast<std::int64_t>(rows));
  return shape;
}
inline std::vector<std::int64_t> batch_shape(const model_port& port, std::size_t rows) {
  return batch_shape(rows, largest_shape(port));
}

// Of an output that a function gave as so many values: its fixed sides, and what remains for the one with a range.
inline std::vector<std::int64_t> shape_of_values(const model_port& port, std::size_t values) {
  std::vector<std::int64_t> shape = largest_shape(port);
  std::size_t ranged = shape.size();
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (port.shape[i].low < port.shape[i].high) ranged = i;
  if (ranged == shape.size()) return shape;
  shape[ranged] = 1;
  std::size_t fixed = 1;
  for (std::int64_t side : shape) fixed *= static_cast<std::size_t>(side);
  shape[ranged] = static_cast<std::int64_t>(values / fixed);
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
    for (std::size_t o = 0; o < out.size(); ++o) {
      model_port port = file.outputs[o];
      port.shape.insert(port.shape.begin(), dimension{in[0].shape[0], in[0].shape[0]});
      if (out[o].type != port.type || !flowrun::detail::takes_shape(port, out[o].shape))
        throw std::invalid_argument("the network gave " + std::string(dtype_name(out[o].type)) + " " +
                                    shape_text(out[o].shape) + " as output '" + port.name + "' of " +
                                    std::to_string(rows) + " rows, the model '" + file.name + "' has " +
                                    dtype_name(port.type) + " " + shape_text(port));
    }
    return out;
  }

 private:
  static void check(const model_file& file) {
    if (file.inputs.empty() || file.outputs.empty())
      throw std::invalid_argument("the model '" + file.name + "' needs inputs and outputs");
  }
  static tensor run_rows(const model_file& file, const row_network& network, const tensor& in) {
    const auto rows = static_cast<std::size_t>(in.shape[0]);
    const std::size_t each = in.count() / rows;
    tensor out;
    for (std::size_t r = 0; r < rows; ++r) {
      const std::vector<float> row = network(in.values<const float>().subspan(r * each, each));
      if (r == 0) out = make_tensor(dtype::float32, batch_shape(rows, shape_of_values(file.outputs[0], row.size())));
      const std::size_t wanted = out.count() / rows;
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
