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

// Frees the memory when it is called, once. Freeing may ask the device what is still done with the memory, and where it
// is lost that throws out of a destructor, which would end the process: then the memory stays.
auto make_deleter(at::Tensor t) {
  return [whole = new at::Tensor(std::move(t))](void*) {
    if (!any_lost) delete whole;
  };
}

at::Tensor make_pinned(at::IntArrayRef shape, at::ScalarType type) {
  const auto options = at::TensorOptions().dtype(type);
  at::Tensor whole = at::empty(shape, options.pinned_memory(true));
  void* bytes = whole.data_ptr();
  return at::from_blob(bytes, shape, make_deleter(std::move(whole)), options);
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
    if (t.is_cuda()) {
      b.there.push_back(t);
      continue;
    }
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

void cuda_streams::run(const computation& with, batch& b, bool stay) {
  constexpr auto timed = c10::EventFlag::BACKEND_DEFAULT;
  c10::Event begin(at::kCUDA, timed), copied(at::kCUDA, timed), computed(at::kCUDA, timed), done(at::kCUDA, timed);
  begin.record(in_);
  copy_in(b);
  copied.record(in_);
  {
    c10::StreamGuard guard(compute_);
    copied.block(compute_);
    b.computed = with(b.there);
    computed.record(compute_);
  }
  if (stay || !pin_) wait_for(computed);  // a copy to memory that is not page-locked waits in the driver
  if (stay) return note(begin, copied, in_us_);
  computed.block(out_);
  copy_out(b);
  done.record(out_);
  wait_for(done);
  note(begin, copied, in_us_);
  note(computed, done, out_us_);
}

std::vector<at::Tensor> cuda_streams::run(const computation& with, std::vector<at::Tensor> inputs, bool stay) {
  batch b;
  b.in = std::move(inputs);
  try {
    run(with, b, stay);
  } catch (...) {
    settle();
    throw;
  }
  std::uint64_t now = reserved(), seen = peak_.load();
  while (now > seen && !peak_.compare_exchange_weak(seen, now)) {}
  return std::move(stay ? b.computed : b.back);
}

at::Tensor cuda_streams::fetch(at::Tensor from) {
  constexpr auto timed = c10::EventFlag::BACKEND_DEFAULT;
  batch b;
  b.computed.push_back(std::move(from));
  try {
    c10::Event begin(at::kCUDA, timed), done(at::kCUDA, timed);
    begin.record(out_);
    copy_out(b);
    done.record(out_);
    wait_for(done);
    note(begin, done, out_us_);
  } catch (...) {
    settle();
    throw;
  }
  return std::move(b.back[0]);
}

tensor cuda_streams::keep(const at::Tensor& t) const {
  tensor kept = share(t, {place::cuda, device_.index()});
  kept.data = std::shared_ptr<void>(kept.data.get(), make_deleter(t));
  return kept;
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
