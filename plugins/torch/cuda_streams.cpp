#include "cuda_streams.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>

#include "cuda_library.hpp"
#include "tensors.hpp"

namespace flowrun::torch_backend {

namespace {

at::Device usable_device(int index) {
  load_cuda(index);
  return {at::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

c10::Stream new_stream(at::Device on) {
  return c10::impl::VirtualGuardImpl(at::kCUDA).getNewStream(on);
}

c10::DeviceAllocator& allocator() {
  return *c10::getDeviceAllocator(at::kCUDA);
}

// Memory of another stream is not given to others before `on` is done with it.
void hold(const at::Tensor& t, c10::Stream on) {
  allocator().recordStream(t.storage().data_ptr(), on);
}

}  // namespace

cuda_streams::cuda_streams(int index, bool pin)
    : device_(usable_device(index)),
      pin_(pin),
      in_(new_stream(device_)),
      compute_(new_stream(device_)),
      out_(new_stream(device_)) {}

std::vector<at::Tensor> cuda_streams::copy_in(std::vector<at::Tensor> inputs, c10::Stream on) const {
  c10::StreamGuard guard(on);
  for (at::Tensor& t : inputs) {
    if (pin_ && !t.is_pinned()) {
      at::Tensor pinned = at::empty(t.sizes(), t.options().pinned_memory(true));
      t = pinned.copy_(t);
    }
    t = t.to(device_, /*non_blocking=*/pin_, /*copy=*/false);
  }
  return inputs;
}

std::vector<at::Tensor> cuda_streams::copy_out(std::vector<at::Tensor> outputs, c10::Stream on) const {
  c10::StreamGuard guard(on);
  for (at::Tensor& t : outputs) {
    hold(t, on);
    at::Tensor host = at::empty(t.sizes(), t.options().device(at::kCPU).pinned_memory(pin_));
    t = host.copy_(t, /*non_blocking=*/pin_);
  }
  return outputs;
}

std::vector<at::Tensor> cuda_streams::run(network& with, std::vector<at::Tensor> inputs) {
  constexpr auto timed = c10::EventFlag::BACKEND_DEFAULT;
  c10::Event begin(at::kCUDA, timed), copied(at::kCUDA, timed), computed(at::kCUDA, timed), done(at::kCUDA, timed);
  begin.record(in_);
  std::vector<at::Tensor> there = copy_in(std::move(inputs), in_);
  copied.record(in_);
  std::vector<at::Tensor> outputs;
  {
    c10::StreamGuard guard(compute_);
    copied.block(compute_);
    for (const at::Tensor& t : there) hold(t, compute_);
    outputs = with.run(there);
    computed.record(compute_);
  }
  computed.block(out_);
  std::vector<at::Tensor> back = copy_out(std::move(outputs), out_);
  done.record(out_);
  done.synchronize();
  note(begin, copied, in_us_);
  note(computed, done, out_us_);
  std::uint64_t now = reserved(), seen = peak_.load();
  while (now > seen && !peak_.compare_exchange_weak(seen, now)) {}
  return back;
}

void cuda_streams::note(const c10::Event& from, const c10::Event& to, std::atomic<std::uint64_t>& us) const {
  us += static_cast<std::uint64_t>(std::max(0.0, from.elapsedTime(to)) * 1000);
}

tensor cuda_streams::make_input(dtype type, std::vector<std::int64_t> shape) const {
  if (!pin_) return make_tensor(type, std::move(shape));
  return share(at::empty(shape, at::TensorOptions().dtype(scalar_type(type)).pinned_memory(true)));
}

session_figures cuda_streams::figures() const noexcept {
  return {static_cast<double>(in_us_.load()) * 1e-6, static_cast<double>(out_us_.load()) * 1e-6, peak_.load()};
}

std::uint64_t cuda_streams::reserved() const {
  auto stats = allocator().getDeviceStats(device_.index());
  return static_cast<std::uint64_t>(stats.reserved_bytes[0].current);
}

void cuda_streams::trim() {
  allocator().emptyCache();
}

}  // namespace flowrun::torch_backend
