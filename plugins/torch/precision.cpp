#include "precision.hpp"

#include <ATen/ATen.h>

namespace flowrun::torch_backend {

at::ScalarType weight_type(const std::string& precision) {
  return precision == "fp16" ? at::kHalf : precision == "bf16" ? at::kBFloat16 : at::kFloat;
}

at::Tensor as_weights(at::Tensor t, at::ScalarType type, bool channels_last) {
  bool pixels = channels_last && t.dim() == 4;
  auto format = pixels ? std::optional(at::MemoryFormat::ChannelsLast) : std::nullopt;
  if (t.scalar_type() == at::kFloat && type != at::kFloat) return t.to(type, false, false, format);
  return pixels ? t.contiguous(at::MemoryFormat::ChannelsLast) : t;
}

}  // namespace flowrun::torch_backend
