// How long at least one of several calls ran.
#pragma once
#include <chrono>
#include <mutex>

namespace flowrun::core {

class calling_time {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  void begin(time_point now) {
    std::lock_guard lock(mutex_);
    if (calls_++ == 0) since_ = now;
  }
  void end(time_point now) {
    std::lock_guard lock(mutex_);
    if (--calls_ == 0 && now > since_) all_ += now - since_;
  }
  // Counts from here on anew; while no call runs.
  void reset() {
    std::lock_guard lock(mutex_);
    all_ = {};
  }
  // Of the calls that have ended.
  double seconds() const {
    std::lock_guard lock(mutex_);
    return std::chrono::duration<double>(all_).count();
  }

 private:
  mutable std::mutex mutex_;
  int calls_ = 0;
  time_point since_{};
  std::chrono::nanoseconds all_{0};
};

}  // namespace flowrun::core
