// An opened network: what turns the tensors of a batch into its answers.
#pragma once
#include <ATen/core/Tensor.h>
#include <flowrun/backend.hpp>

#include <memory>
#include <vector>

namespace flowrun::torch_backend {

class network {
 public:
  virtual ~network() = default;
  // By several threads at once. Inputs and outputs in the order of the model file, on the network's device.
  virtual std::vector<at::Tensor> run(std::vector<at::Tensor> inputs) = 0;
  // The same network with the state it was opened with; the parameters are shared. Throws std::runtime_error.
  virtual std::unique_ptr<network> begin_anew() const = 0;
};

// Throw std::runtime_error with one sentence.
std::unique_ptr<network> open_script(const model_file& model, const session_options& options, at::Device on);
std::unique_ptr<network> open_package(const model_file& model, const session_options& options, at::Device on);

}  // namespace flowrun::torch_backend
