// The weights of a TorchScript network, once, as they are best computed with.
#pragma once
#include <torch/csrc/jit/api/module.h>

#include <string>

namespace flowrun::torch_backend {

// Freezes `method` where that was not done yet, unless the network keeps a state; converts the weights to `type`.
// True: it is mostly convolutions, and its pictures should have all channels of a pixel side by side.
bool prepare_weights(torch::jit::Module& module, const std::string& method, at::ScalarType type, bool keeps_state);

}  // namespace flowrun::torch_backend
