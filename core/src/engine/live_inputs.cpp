#include "live_inputs.hpp"

#include "timed_wait.hpp"

namespace flowrun::core {

live_inputs::live_inputs(std::size_t inputs, int most, std::function<bool()> refusing)
    : most_(most), refusing_(std::move(refusing)), waiting_(inputs) {}

push_outcome live_inputs::put(std::size_t input, std::shared_ptr<pushed_item> item, std::stop_token stop,
                              std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  wait_until_ready(changed_, lock, stop, timeout, [this] { return !open() || unfinished_ < most_; });
  if (ended_ || refusing_()) return push_outcome::ended;
  if (closed_) return push_outcome::closed;
  if (unfinished_ >= most_) return stop.stop_requested() ? push_outcome::stopped : push_outcome::timed_out;
  waiting_[input].push_back(std::move(item));
  ++unfinished_;
  return push_outcome::accepted;
}

std::shared_ptr<item_ref> live_inputs::take(std::size_t input, bool& over) {
  std::lock_guard lock(mutex_);
  auto& mine = waiting_[input];
  if (mine.empty()) {
    over = closed_;
    return nullptr;
  }
  auto next = std::move(mine.front());
  mine.pop_front();
  return next;
}

void live_inputs::free_place() {
  {
    std::lock_guard lock(mutex_);
    --unfinished_;
  }
  changed_.notify_one();
}

void live_inputs::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

void live_inputs::look_again() {
  { std::lock_guard lock(mutex_); }  // who is about to wait has looked before, or is woken
  changed_.notify_all();
}

std::vector<live_inputs::left_over> live_inputs::end() {
  std::vector<left_over> all;
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      for (auto& item : waiting_[i]) all.push_back({i, std::move(item)});
      waiting_[i].clear();
    }
  }
  changed_.notify_all();
  return all;
}

}  // namespace flowrun::core
