#include "cuda_streams.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "cuda_library.hpp"
#include "tensors.hpp"

namespace flowrun::torch_backend {

namespace {

// Of some device of the process.
std::atomic<bool> any_lost{false};

at::Device usable_device(int index) {
  load_cuda(index);
  const at::Device device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
  at::empty({1}, at::TensorOptions().device(device));  // sets LibTorch's allocator up, and shows that it works
  return device;
}

c10::Stream new_stream(at::Device on) {
  return c10::impl::VirtualGuardImpl(at::kCUDA).getNewStream(on);
}

c10::DeviceAllocator& allocator() {
  return *c10::getDeviceAllocator(at::kCUDA);
}

// Page-locked. Freeing such memory asks the device what is still copied, and where it is lost that throws out of a
// destructor, which would end the process: then the memory stays.
at::Tensor make_pinned(at::IntArrayRef shape, at::ScalarType type) {
  const auto options = at::TensorOptions().dtype(type);
  auto* whole = new at::Tensor(at::empty(shape, options.pinned_memory(true)));
  const auto free = [whole](void*) {
    if (!any_lost) delete whole;
  };
  return at::from_blob(whole->data_ptr(), shape, free, options);
}

// Waiting in the driver would keep a core busy.
void wait_for(const c10::Event& event) {
  while (!event.query()) std::this_thread::sleep_for(std::chrono::microseconds(100));
}

}  // namespace

cuda_streams::cuda_streams(int index, bool pin)
    : device_(usable_device(index)),
      pin_(pin),
      in_(new_stream(device_)),
      compute_(new_stream(device_)),
      out_(new_stream(device_)) {}

cuda_streams::~cuda_streams() {
  trim();
}

void cuda_streams::set_up(const std::function<void()>& work) {
  try {
    c10::StreamGuard guard(compute_);
    work();
    compute_.synchronize();
  } catch (...) {
    settle();
    throw;
  }
}

void cuda_streams::copy_in(batch& b) const {
  c10::StreamGuard guard(in_);
  for (at::Tensor& t : b.in) {
    if (pin_ && !t.is_pinned()) t = make_pinned(t.sizes(), t.scalar_type()).copy_(t);
    b.there.push_back(t.to(device_, /*non_blocking=*/pin_, /*copy=*/false));
  }
}

void cuda_streams::copy_out(batch& b) const {
  c10::StreamGuard guard(out_);
  for (const at::Tensor& t : b.computed) {
    b.back.push_back(pin_ ? make_pinned(t.sizes(), t.scalar_type())
                          : at::empty(t.sizes(), t.options().device(at::kCPU)));
    b.back.back().copy_(t, /*non_blocking=*/pin_);
  }
}

void cuda_streams::run(network& with, batch& b) {
  constexpr auto timed = c10::EventFlag::BACKEND_DEFAULT;
  c10::Event begin(at::kCUDA, timed), copied(at::kCUDA, timed), computed(at::kCUDA, timed), done(at::kCUDA, timed);
  begin.record(in_);
  copy_in(b);
  copied.record(in_);
  {
    c10::StreamGuard guard(compute_);
    copied.block(compute_);
    b.computed = with.run(b.there);
    computed.record(compute_);
  }
  if (!pin_) wait_for(computed);  // such a copy waits in the driver
  computed.block(out_);
  copy_out(b);
  done.record(out_);
  wait_for(done);
  note(begin, copied, in_us_);
  note(computed, done, out_us_);
}

std::vector<at::Tensor> cuda_streams::run(network& with, std::vector<at::Tensor> inputs) {
  batch b;
  b.in = std::move(inputs);
  try {
    run(with, b);
  } catch (...) {
    settle();
    throw;
  }
  std::uint64_t now = reserved(), seen = peak_.load();
  while (now > seen && !peak_.compare_exchange_weak(seen, now)) {}
  return std::move(b.back);
}

// After a fault: what the streams were told before is done, or never will be.
void cuda_streams::settle() noexcept {
  for (const c10::Stream& stream : {in_, compute_, out_}) {
    try {
      stream.synchronize();
    } catch (...) {
      set_lost();
    }
  }
}

void cuda_streams::set_lost() noexcept {
  lost_ = true;
  any_lost = true;
}

void cuda_streams::note(const c10::Event& from, const c10::Event& to, std::atomic<std::uint64_t>& us) const {
  us += static_cast<std::uint64_t>(std::max(0.0, from.elapsedTime(to)) * 1000);
}

tensor cuda_streams::make_input(dtype type, std::vector<std::int64_t> shape) const {
  return pin_ ? share(make_pinned(shape, scalar_type(type))) : make_tensor(type, std::move(shape));
}

session_figures cuda_streams::figures() const noexcept {
  return {static_cast<double>(in_us_.load()) * 1e-6, static_cast<double>(out_us_.load()) * 1e-6, peak_.load()};
}

std::uint64_t cuda_streams::reserved() const {
  auto stats = allocator().getDeviceStats(device_.index());
  return static_cast<std::uint64_t>(stats.reserved_bytes[0].current);
}

void cuda_streams::trim() noexcept {
  try {
    allocator().emptyCache();
  } catch (const std::exception&) {
    // A device that fails tells so at its calls.
  }
}

}  // namespace flowrun::torch_backend
