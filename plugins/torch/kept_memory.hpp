// The memory of LibTorch on the CPU: blocks are kept and used again, since the C library would give big ones back to
// the system after every call and pay for their pages anew. Counts what every session holds.
#pragma once
#include <flowrun/backend.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace at {
class Tensor;
}

namespace flowrun::torch_backend {

// What one session holds. Shared with its blocks, which may outlive it and the device.
class memory_account {
 public:
  explicit memory_account(simulated_device* device) : device_(device) {}

  bool take(std::uint64_t bytes);  // false: the device has not as much
  void give(std::uint64_t bytes);
  // The session takes nothing more. The device gets back what is held now, and is not touched any more.
  void leave_device();
  std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }
  std::uint64_t peak() const { return peak_.load(std::memory_order_relaxed); }

 private:
  simulated_device* device_;  // null: no bound
  std::mutex leaving_;        // where there is a device: giving, and leaving it
  bool left_ = false;
  std::atomic<std::uint64_t> used_{0}, peak_{0};
};

// While it lives, what this thread allocates is on `account`.
class account_scope {
 public:
  explicit account_scope(std::shared_ptr<memory_account> account);
  ~account_scope();
  account_scope(const account_scope&) = delete;
  account_scope& operator=(const account_scope&) = delete;

 private:
  std::shared_ptr<memory_account> before_;
};

// Becomes LibTorch's allocator of the process; further calls do nothing.
void keep_memory();
// What this thread was refused since it was asked last, as a sentence; empty: nothing. The exception it came as may
// have become another one: the interpreter of TorchScript and compiled packages do that.
std::string take_refusal();
// Takes the tensor's memory off the account it is on: it has left the device.
void take_off_account(const at::Tensor& tensor);
// Gives the blocks nobody uses back to the system.
void release_kept_memory();

}  // namespace flowrun::torch_backend
