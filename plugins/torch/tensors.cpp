#include "tensors.hpp"

#include <ATen/Functions.h>
#include <ATen/ops/from_blob.h>

#include <stdexcept>

namespace flowrun::torch_backend {

at::ScalarType scalar_type(dtype type) {
  constexpr at::ScalarType types[] = {at::kFloat, at::kHalf, at::kBFloat16, at::kByte, at::kInt, at::kLong, at::kBool};
  return types[static_cast<std::size_t>(type)];
}

std::optional<dtype> dtype_of(at::ScalarType type) {
  for (dtype t :
       {dtype::float32, dtype::float16, dtype::bfloat16, dtype::uint8, dtype::int32, dtype::int64, dtype::boolean})
    if (scalar_type(t) == type) return t;
  return {};
}

at::Tensor view(const tensor& t) {
  if (!t.where.on_cpu())
    throw std::runtime_error("an input lies on " + t.where.text() + "; this backend takes inputs in the CPU's memory");
  return at::from_blob(t.data.get(), t.shape, at::TensorOptions().dtype(scalar_type(t.type)));
}

tensor share(const at::Tensor& t) {
  std::optional<dtype> type = dtype_of(t.scalar_type());
  if (!type) throw std::runtime_error(std::string("an output is of type ") + c10::toString(t.scalar_type()));
  auto kept = std::make_shared<at::Tensor>(t.cpu().contiguous());
  return {*type, kept->sizes().vec(), std::shared_ptr<void>(kept, kept->data_ptr())};
}

}  // namespace flowrun::torch_backend
