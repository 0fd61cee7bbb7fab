#include "device_watch.hpp"

#include <algorithm>

namespace flowrun::core {

device_watch::device_watch(std::shared_ptr<device_state> of) : of_(std::move(of)), busy_before_(of_->busy_seconds()) {
  std::lock_guard lock(of_->mutex_);
  peak_ = of_->taken_;
  of_->watches_.push_back(this);
}

device_watch::~device_watch() {
  std::lock_guard lock(of_->mutex_);
  auto& all = of_->watches_;
  all.erase(std::find(all.begin(), all.end(), this));
}

double device_watch::busy_seconds() const {
  return of_->busy_seconds() - busy_before_;
}

std::uint64_t device_watch::peak_taken() const {
  std::lock_guard lock(of_->mutex_);
  return peak_;
}

}  // namespace flowrun::core
