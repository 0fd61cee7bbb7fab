// Calls on a CUDA device: while one batch is computed the next is copied in and the last one out, each on a stream of
// its own. Reached through LibTorch's interface for any device, so nothing of CUDA is linked.
#pragma once
#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>

#include <atomic>
#include <vector>

#include "network.hpp"

namespace flowrun::torch_backend {

class cuda_streams {
 public:
  // Throws std::runtime_error with one sentence when no such device can be used.
  cuda_streams(int index, bool pin);

  at::Device device() const { return device_; }
  // Inputs and outputs in the memory of the CPU. Returns when the outputs are there; by several threads at once.
  std::vector<at::Tensor> run(network& with, std::vector<at::Tensor> inputs);
  std::uint64_t reserved() const;  // bytes LibTorch holds of the device, for all its sessions
  tensor make_input(dtype type, std::vector<std::int64_t> shape) const;  // page-locked, where asked for
  session_figures figures() const noexcept;
  void trim();

 private:
  void note(const c10::Event& from, const c10::Event& to, std::atomic<std::uint64_t>& us) const;
  std::vector<at::Tensor> copy_in(std::vector<at::Tensor> inputs, c10::Stream on) const;
  std::vector<at::Tensor> copy_out(std::vector<at::Tensor> outputs, c10::Stream on) const;

  at::Device device_;
  bool pin_;
  c10::Stream in_, compute_, out_;
  std::atomic<std::uint64_t> in_us_{0}, out_us_{0}, peak_{0};  // peak: bytes
};

}  // namespace flowrun::torch_backend
