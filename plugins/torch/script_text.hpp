// Opening a TorchScript file, and what is said when it is none.
#pragma once
#include <torch/csrc/jit/api/module.h>
#include <flowrun/model_file.hpp>

#include <string>

namespace flowrun::torch_backend {

// `path` is read, `name` told. Throws std::runtime_error.
torch::jit::Module load_script(const std::string& path, const std::string& name, at::Device on);
std::string list_methods(const torch::jit::Module& module);
// The model file's constants that the method takes after the inputs, by the names of its arguments.
torch::jit::Kwargs find_constants(const torch::jit::Method& method, const model_file& model);
// "takes 2 inputs: x, y; ..."; empty: the method takes as many as the model file declares, the rest being its
// constants or having defaults.
std::string find_unfit_inputs(const torch::jit::Method& method, const model_file& model);

}  // namespace flowrun::torch_backend
