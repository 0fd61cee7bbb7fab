// Ctrl-C in a command that runs a graph many times: once ends it, twice ends the process.
#pragma once
#include <signal.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include <flowrun/run.hpp>

namespace tool {

class run_guard {
 public:
  // `told`: what is said when it is interrupted; `before_exit`: what must be put right before the process ends at once.
  run_guard(std::string told, std::function<void()> before_exit);
  ~run_guard();
  run_guard(const run_guard&) = delete;
  run_guard& operator=(const run_guard&) = delete;

  // Stops the run when its items took so many seconds: those in flight are finished.
  flowrun::report execute(flowrun::run& run, double most_seconds);
  bool interrupted() const { return interrupted_.load(); }

 private:
  void watch();
  void interrupt();
  void look_at_time();

  std::string told_;
  std::function<void()> before_exit_;
  sigset_t signals_{}, before_{};
  std::mutex mutex_;
  flowrun::run* run_ = nullptr;
  double most_seconds_ = 0;
  std::atomic<bool> over_{false}, interrupted_{false};
  std::thread thread_;
};

}  // namespace tool
