// A device while runs use it: whose bytes are taken, who waits for some, how long it was busy.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <flowrun/backend.hpp>

#include "../plan/device_text.hpp"
#include "device_figures.hpp"
#include "gpu_card.hpp"

namespace flowrun::core {

class device_watch;

class device_state {
 public:
  // `card`: of a CUDA device.
  explicit device_state(device_spec spec, std::shared_ptr<const gpu_card> card = nullptr);
  ~device_state();

  const std::string& name() const { return spec_.text; }
  const device& handle() const { return handle_; }
  const gpu_card* card() const { return card_.get(); }  // null: simulated
  std::uint64_t total() const { return spec_.memory; }
  std::uint64_t free() const;  // bytes nobody has taken: no session, no other program

  // Bytes all slots together may take; less than the device has, by what others and the weights hold. `budget`: with
  // the weights. Gives the plan's number, for grow_pool().
  std::uint64_t set_pool(std::uint64_t bytes, std::uint64_t budget = 0);
  // Weights of that plan are gone: so many bytes more for its slots. Nothing, if another plan has come since: that one
  // has counted what is free anew.
  void grow_pool(std::uint64_t plan, std::uint64_t bytes);
  std::uint64_t pool() const;  // as it was planned
  std::uint64_t budget() const;
  std::uint64_t peak_taken() const;

  bool lost() const { return lost_.load(); }
  void set_lost() { lost_.store(true); }
  bool others_grew() const;
  device_figures read_figures() const;
  // Seconds in which at least one session ran.
  double busy_seconds() const;

 private:
  friend class device_bytes;
  friend class device_busy;
  friend class device_watch;
  void take(std::uint64_t bytes);  // waits; first come, first served
  void give(std::uint64_t bytes);
  void begin_call();
  void end_call();

  device_spec spec_;
  std::unique_ptr<simulated_device> simulated_;
  std::shared_ptr<const gpu_card> card_;
  std::uint64_t used_at_start_ = 0;  // of a card, before this process opened anything there
  device handle_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t pool_ = 0, grown_ = 0, budget_ = 0, taken_ = 0, peak_ = 0;
  std::uint64_t plan_ = 0;  // how many there were
  std::vector<device_watch*> watches_;
  std::uint64_t next_ticket_ = 0, served_ = 0;
  int active_ = 0;
  std::chrono::steady_clock::time_point busy_since_{};
  std::chrono::nanoseconds busy_{0};
  std::atomic<bool> lost_{false};
};

// Bytes of the pool for as long as it lives. Null: of no device.
class device_bytes {
 public:
  device_bytes(device_state* of, std::uint64_t bytes) : of_(of), bytes_(bytes) {
    if (of_) of_->take(bytes_);
  }
  ~device_bytes() {
    if (of_) of_->give(bytes_);
  }
  device_bytes(const device_bytes&) = delete;
  device_bytes& operator=(const device_bytes&) = delete;

 private:
  device_state* of_;
  std::uint64_t bytes_;
};

// A session runs for as long as it lives. Null: on no device.
class device_busy {
 public:
  explicit device_busy(device_state* of) : of_(of) {
    if (of_) of_->begin_call();
  }
  ~device_busy() {
    if (of_) of_->end_call();
  }
  device_busy(const device_busy&) = delete;
  device_busy& operator=(const device_busy&) = delete;

 private:
  device_state* of_;
};

// Both, for the length of one call.
class device_share {
 public:
  device_share(device_state& of, std::uint64_t bytes) : bytes_(&of, bytes), busy_(&of) {}

 private:
  device_bytes bytes_;
  device_busy busy_;
};

// The state of the device of that text, shared by all engines of the process as long as one of them uses it. Null: a
// CUDA device whose card is not there or cannot be read; `fault` says why, and what would be right.
std::shared_ptr<device_state> share_device(const device_spec& spec, const gpu_options& gpus, std::string& fault);

}  // namespace flowrun::core
