// The type of a network's weights, and inputs made to fit it.
#pragma once
#include <ATen/core/Tensor.h>

#include <string>

namespace flowrun::torch_backend {

at::ScalarType weight_type(const std::string& precision);  // "fp32", "fp16", "bf16"
// Numbers with a fraction become `type`; pictures are put with all channels of a pixel side by side.
at::Tensor as_weights(at::Tensor t, at::ScalarType type, bool channels_last);

}  // namespace flowrun::torch_backend
