// Calls on a CUDA device: while one batch is computed the next is copied in and the last one out, each on a stream of
// its own. Reached through LibTorch's interface for any device, so nothing of CUDA is linked.
#pragma once
#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>

#include <atomic>
#include <functional>
#include <vector>

#include "network.hpp"

namespace flowrun::torch_backend {

class cuda_streams {
 public:
  // Throws std::runtime_error with one sentence, or c10::Error, when no such device can be used.
  cuda_streams(int index, bool pin);
  ~cuda_streams();
  cuda_streams(const cuda_streams&) = delete;
  cuda_streams& operator=(const cuda_streams&) = delete;

  at::Device device() const { return device_; }
  // What is to be done before the calls, such as loading the weights: done when it returns.
  void set_up(const std::function<void()>& work);
  // What is computed from tensors on the device, on the current stream.
  using computation = std::function<std::vector<at::Tensor>(std::vector<at::Tensor>)>;
  // Inputs in the memory of the CPU or, with nothing under way on them, on the device; outputs in that of the CPU, or
  // on the device where they `stay`. Returns when the outputs are there; by several threads at once.
  std::vector<at::Tensor> run(const computation& with, std::vector<at::Tensor> inputs, bool stay);
  // A copy in the memory of the CPU of what lies on the device with nothing under way on it. Returns when it is there.
  at::Tensor fetch(at::Tensor from);
  // On the device. It may outlive the session: whoever frees it has no work on it under way.
  tensor keep(const at::Tensor& t) const;
  std::uint64_t reserved() const;  // bytes LibTorch holds of the device, for all sessions of the process
  tensor make_input(dtype type, std::vector<std::int64_t> shape) const;  // page-locked, where asked for
  session_figures figures() const noexcept;
  void trim() noexcept;
  // No call on the device succeeds any more.
  bool lost() const noexcept { return lost_.load(); }
  void set_lost() noexcept;

 private:
  // What the streams of one call work on. It lives until they are done: LibTorch gives memory that is freed to the next
  // who asks on the stream it was made on, whatever other streams still do with it.
  struct batch {
    std::vector<at::Tensor> in, there, computed, back;
  };
  void run(const computation& with, batch& b, bool stay);
  void settle() noexcept;
  void note(const c10::Event& from, const c10::Event& to, std::atomic<std::uint64_t>& us) const;
  void copy_in(batch& b) const;
  void copy_out(batch& b) const;

  at::Device device_;
  bool pin_;
  c10::Stream in_, compute_, out_;
  std::atomic<bool> lost_{false};
  std::atomic<std::uint64_t> in_us_{0}, out_us_{0}, peak_{0};  // peak: bytes
};

}  // namespace flowrun::torch_backend
