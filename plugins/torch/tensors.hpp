// Tensors of the SDK as LibTorch's and back, without a copy where the memory allows it.
#pragma once
#include <ATen/core/Tensor.h>
#include <flowrun/tensor.hpp>

#include <optional>

namespace flowrun::torch_backend {

at::ScalarType scalar_type(dtype type);
std::optional<dtype> dtype_of(at::ScalarType type);  // none: the SDK has no such type

// A view: `t` has to live as long. Throws std::runtime_error for one that lies neither in the CPU's memory nor `here`.
at::Tensor view(const tensor& t, place here);
// Contiguous and in the memory of the CPU; shares it with `t` where it is so already. Throws std::runtime_error for a
// type the SDK has not.
tensor share(const at::Tensor& t);
// Contiguous, where it lies, which is `where`. Throws likewise.
tensor share(const at::Tensor& t, place where);

}  // namespace flowrun::torch_backend
