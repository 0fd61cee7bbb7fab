// A session opened on a made network, rows for it, and a device with a bound, for the tests.
#pragma once
#include <atomic>
#include <memory>
#include <string>

#include "made_scripts.hpp"
#include "open_session.hpp"

namespace flowrun::torch_backend {

class bounded_device : public simulated_device {
 public:
  explicit bounded_device(std::uint64_t bytes) : free(bytes) {}
  std::atomic<std::uint64_t> free;
  bool allocate(std::uint64_t bytes) override {
    std::uint64_t have = free.load();
    while (have >= bytes)
      if (free.compare_exchange_weak(have, have - bytes)) return true;
    return false;
  }
  void release(std::uint64_t bytes) override { free += bytes; }
  bool alive() override { return true; }
  bool fits(std::size_t) const override { return true; }
};

struct opened {
  model_file model = convolution_model();
  model_variant variant;
  std::unique_ptr<session> calls;

  explicit opened(const std::string& path, const std::string& precision = "fp32", simulated_device* memory = nullptr) {
    open(path, precision, memory, false);
  }
  opened(const model_file& m, const std::string& path, simulated_device* memory = nullptr, bool stay = false)
      : model(m) {
    open(path, "fp32", memory, stay);
  }
  void open(const std::string& path, const std::string& precision, simulated_device* memory, bool stay) {
    variant.path = "made.pt";
    session_options o;
    o.variant = &variant;
    o.path = path;
    o.precision = precision;
    o.lanes = 2;
    o.stay = stay;
    device on;
    if (memory) on = {"sim:1MiB", "sim", 0, memory};
    calls = open_session(model, on, o);
  }
};

inline tensor made_rows(int n) {
  tensor t = make_tensor(dtype::float32, {n, 3, 16, 16});
  std::span<float> all = t.values<float>();
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>((i * 37 + 11) % 101) / 50 - 1;
  return t;
}

}  // namespace flowrun::torch_backend
