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

at::Tensor view(const tensor& t, place here) {
  if (!t.where.on_cpu() && !(t.where == here))
    throw std::runtime_error("an input lies on " + t.where.text() + "; this session takes inputs in the CPU's memory" +
                             (here.on_cpu() ? "" : " or on " + here.text()));
  const bool cuda = t.where.kind == place::cuda;
  const at::Device on = cuda ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(t.where.index)) : at::kCPU;
  // Told where it lies, LibTorch does not ask the driver.
  return at::for_blob(t.data.get(), t.shape)
      .options(at::TensorOptions().dtype(scalar_type(t.type)).device(on))
      .target_device(on)
      .make_tensor();
}

tensor share(const at::Tensor& t) {
  return share(t.cpu(), place{});
}

tensor share(const at::Tensor& t, place where) {
  std::optional<dtype> type = dtype_of(t.scalar_type());
  if (!type) throw std::runtime_error(std::string("an output is of type ") + c10::toString(t.scalar_type()));
  auto kept = std::make_shared<at::Tensor>(t.contiguous());
  return {*type, kept->sizes().vec(), std::shared_ptr<void>(kept, kept->data_ptr()), where};
}

}  // namespace flowrun::torch_backend
