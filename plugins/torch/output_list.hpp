// What a network gives as a flat list of tensors: a tensor, or tuples, lists and maps of them.
#pragma once
#include <ATen/core/ivalue.h>

#include <vector>

namespace flowrun::torch_backend {

// A map's values by its own order. Throws std::runtime_error for anything that holds no tensors.
std::vector<at::Tensor> list_outputs(const c10::IValue& value);

}  // namespace flowrun::torch_backend
