// A tensor handed to another library, or taken from one, without a copy: the structs of DLPack (dlpack.h 0.8 and later,
// its unversioned DLManagedTensor), and both conversions. Cast to and from DLManagedTensor* where dlpack.h is included.
#pragma once
#include "tensor.hpp"

namespace flowrun::dlpack {

enum device_type : std::int32_t { on_cpu = 1, on_cuda = 2, on_cuda_host = 3 };
enum type_code : std::uint8_t { code_int = 0, code_uint = 1, code_float = 2, code_bfloat = 4, code_bool = 6 };

struct dl_device {
  std::int32_t type;
  std::int32_t id;
};
struct data_type {
  std::uint8_t code, bits;
  std::uint16_t lanes;
};
struct array {  // DLTensor
  void* data;
  dl_device device;
  std::int32_t ndim;
  data_type dtype;
  std::int64_t* shape;
  std::int64_t* strides;  // in values, null: row-major and contiguous
  std::uint64_t byte_offset;
};
struct managed_array {  // DLManagedTensor
  array dl_tensor;
  void* manager_ctx;
  void (*deleter)(managed_array* self);  // null: nothing is to be freed
};

namespace detail {

inline data_type type_of(dtype t) {
  constexpr type_code codes[] = {code_float, code_float, code_bfloat, code_uint, code_int, code_int, code_bool};
  return {codes[static_cast<std::size_t>(t)], static_cast<std::uint8_t>(8 * dtype_bytes(t)), 1};
}
inline dtype dtype_of(data_type t) {
  for (dtype d :
       {dtype::float32, dtype::float16, dtype::bfloat16, dtype::uint8, dtype::int32, dtype::int64, dtype::boolean}) {
    const data_type one = type_of(d);
    if (one.code == t.code && one.bits == t.bits && t.lanes == 1) return d;
  }
  throw std::invalid_argument("a DLPack array of type code " + std::to_string(t.code) + ", " + std::to_string(t.bits) +
                              " bits, " + std::to_string(t.lanes) +
                              " lanes; right: float32, float16, bfloat16, uint8, int32, int64 or bool");
}

// A side of one value may have any stride.
inline bool is_contiguous(const array& a) {
  std::int64_t step = 1;
  for (std::int32_t i = a.ndim; a.strides && i-- > 0;) {
    if (a.shape[i] != 1 && a.strides[i] != step) return false;
    step *= a.shape[i];
  }
  return true;
}

struct shared_array {
  managed_array given{};
  tensor held;
};

}  // namespace detail

// Shares the tensor's memory. Whoever takes it calls the deleter once. Throws std::invalid_argument for one on a
// simulated device.
inline managed_array* give(tensor t) {
  if (t.where.kind == place::sim)
    throw std::invalid_argument("a tensor on " + t.where.text() +
                                ", a simulated device that other libraries do not know; fetch() it first");
  auto* made = new detail::shared_array();
  made->held = std::move(t);
  tensor& held = made->held;
  const dl_device where = {held.where.on_cpu() ? on_cpu : on_cuda, held.where.index};
  made->given.dl_tensor = {held.data.get(),
                           where,
                           static_cast<std::int32_t>(held.shape.size()),
                           detail::type_of(held.type),
                           held.shape.data(),
                           nullptr,
                           0};
  made->given.manager_ctx = made;
  made->given.deleter = [](managed_array* self) { delete static_cast<detail::shared_array*>(self->manager_ctx); };
  return &made->given;
}

// Takes it over: its deleter is called once, when the last tensor that shares it goes. Throws std::invalid_argument,
// and leaves it to the caller, where it is of a type, a device or a layout that a tensor does not have.
inline tensor take(managed_array* given) {
  const array& a = given->dl_tensor;
  tensor t;
  t.type = detail::dtype_of(a.dtype);
  if (a.device.type == on_cuda)
    t.where = {place::cuda, a.device.id};
  else if (a.device.type != on_cpu && a.device.type != on_cuda_host)
    throw std::invalid_argument("a DLPack array on a device of type " + std::to_string(a.device.type) +
                                "; right: the CPU (1), CUDA (2) or page-locked memory (3)");
  if (!detail::is_contiguous(a))
    throw std::invalid_argument("a DLPack array that is not row-major and contiguous; make it so before it is given");
  t.shape.assign(a.shape, a.shape + a.ndim);
  t.data = std::shared_ptr<void>(a.data ? static_cast<char*>(a.data) + a.byte_offset : nullptr, [given](void*) {
    if (given->deleter) given->deleter(given);
  });
  return t;
}

}  // namespace flowrun::dlpack
