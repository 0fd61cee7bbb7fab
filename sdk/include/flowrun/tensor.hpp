// A dense array of numbers: what a model's session takes and gives, and what maps of floats flow as.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace flowrun {

enum class dtype : std::uint8_t { float32, float16, bfloat16, uint8, int32, int64, boolean };

constexpr std::size_t dtype_bytes(dtype t) {
  constexpr std::size_t bytes[] = {4, 2, 2, 1, 4, 8, 1};
  return bytes[static_cast<std::size_t>(t)];
}
constexpr const char* dtype_name(dtype t) {
  constexpr const char* names[] = {"float32", "float16", "bfloat16", "uint8", "int32", "int64", "bool"};
  return names[static_cast<std::size_t>(t)];
}
template <class V> constexpr bool is_dtype(dtype t) {
  if constexpr (std::is_same_v<V, float>)
    return t == dtype::float32;
  else if constexpr (std::is_same_v<V, std::uint8_t>)
    return t == dtype::uint8 || t == dtype::boolean;
  else if constexpr (std::is_same_v<V, std::int32_t>)
    return t == dtype::int32;
  else if constexpr (std::is_same_v<V, std::int64_t>)
    return t == dtype::int64;
  else
    return std::is_same_v<V, std::uint16_t> && (t == dtype::float16 || t == dtype::bfloat16);
}

// Whose memory a tensor lies in.
struct place {
  // sim: of a simulated device, whose memory is the CPU's: only a backend reads it there.
  enum kind_of : std::uint8_t { cpu, cuda, sim };
  kind_of kind = cpu;
  int index = 0;  // of the device

  bool on_cpu() const { return kind == cpu; }
  std::string text() const { return on_cpu() ? "cpu" : (kind == cuda ? "cuda:" : "sim:") + std::to_string(index); }
  friend bool operator==(place a, place b) { return a.kind == b.kind && a.index == b.index; }
};

// Row-major and contiguous. Shared: whoever did not make it only reads. What flows from stage to stage lies in the
// memory of the CPU; between two calls of a device stage's networks a tensor may stay on the device.
struct tensor {
  static constexpr auto port = "flowrun.tensor/1";

  dtype type = dtype::float32;
  std::vector<std::int64_t> shape;
  std::shared_ptr<void> data;
  place where = {};

  std::size_t count() const {
    std::size_t n = 1;
    for (std::int64_t side : shape) n *= static_cast<std::size_t>(side);
    return n;
  }
  // Throws std::logic_error when V is not the tensor's type, or the tensor lies on a device.
  template <class V> std::span<V> values() const {
    if (!where.on_cpu())
      throw std::logic_error("a tensor on " + where.text() +
                             " was read as if it were in the CPU's memory; fetch() it first");
    if (!is_dtype<std::remove_const_t<V>>(type))
      throw std::logic_error(std::string("a tensor of ") + dtype_name(type) + " was read as another type");
    return {static_cast<V*>(data.get()), count()};
  }
  friend std::size_t bytes(const tensor& t) { return t.count() * dtype_bytes(t.type); }
  // For hashing: `sink(const void* bytes, std::size_t size)`.
  template <class Sink> friend void content(const tensor& t, const Sink& sink) {
    sink(&t.type, sizeof t.type);
    sink(t.shape.data(), t.shape.size() * sizeof(std::int64_t));
    sink(t.data.get(), bytes(t));
  }
};

// Uninitialised.
inline tensor make_tensor(dtype type, std::vector<std::int64_t> shape) {
  tensor t{type, std::move(shape), {}, {}};
  t.data = std::shared_ptr<void>(::operator new (bytes(t), std::align_val_t{64}),
                                 [](void* p) { ::operator delete (p, std::align_val_t{64}); });
  return t;
}

}  // namespace flowrun
