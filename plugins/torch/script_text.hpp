// Opening a TorchScript file, and what is said when it is none.
#pragma once
#include <torch/csrc/jit/api/module.h>

#include <string>

namespace flowrun::torch_backend {

// `path` is read, `name` told. Throws std::runtime_error.
torch::jit::Module load_script(const std::string& path, const std::string& name, at::Device on);
std::string list_methods(const torch::jit::Module& module);

}  // namespace flowrun::torch_backend
