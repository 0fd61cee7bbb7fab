#include "run_guard.hpp"

#include <pthread.h>
#include <unistd.h>

#include <cstdio>
#include <limits>

namespace tool {

run_guard::run_guard(std::string told, std::function<void()> before_exit)
    : told_(std::move(told)), before_exit_(std::move(before_exit)) {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  thread_ = std::thread([this] { watch(); });
}

run_guard::~run_guard() {
  over_ = true;
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

flowrun::report run_guard::execute(flowrun::run& run, double most_seconds) {
  {
    std::lock_guard lock(mutex_);
    run_ = &run;
    most_seconds_ = most_seconds;
  }
  // A signal that came between two runs.
  if (interrupted_) run.cancel();
  flowrun::report r = run.execute();
  std::lock_guard lock(mutex_);
  run_ = nullptr;
  return r;
}

void run_guard::watch() {
  const timespec tick{0, 20'000'000};
  while (!over_) {
    if (sigtimedwait(&signals_, nullptr, &tick) > 0) interrupt();
    look_at_time();
  }
}

void run_guard::look_at_time() {
  std::lock_guard lock(mutex_);
  if (!run_ || run_->now().seconds < most_seconds_) return;
  run_->stop();
  most_seconds_ = std::numeric_limits<double>::infinity();
}

void run_guard::interrupt() {
  if (interrupted_) {
    before_exit_();
    std::fputs("\nstopped at once\n", stderr);
    ::_exit(130);
  }
  std::fprintf(stderr, "\nstopping: %s; once more stops at once\n", told_.c_str());
  std::lock_guard lock(mutex_);
  interrupted_ = true;
  if (run_) run_->cancel();
}

}  // namespace tool
