// Results on their way to the host, in the order in which items end.
#pragma once
#include <condition_variable>
#include <deque>
#include <flowrun/item_result.hpp>
#include <mutex>
#include <optional>

#include "timed_wait.hpp"

namespace flowrun::core {

struct waiting_result {
  item_result result;
  bool pushed = false;      // the item came by push(): its end frees a place there
  bool owes_place = false;  // the flow's place is given back when the host has taken it
};

class live_results {
 public:
  void put(waiting_result r) {
    {
      std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(r));
    }
    changed_.notify_one();
  }
  // Nothing: none came in time, or no more come.
  std::optional<waiting_result> take(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    wait_until_ready(changed_, lock, {}, timeout, [this] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return {};
    std::optional<waiting_result> next(std::move(waiting_.front()));
    waiting_.pop_front();
    return next;
  }
  void close() {  // no more come
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }
  bool over() const {
    std::lock_guard lock(mutex_);
    return closed_ && waiting_.empty();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<waiting_result> waiting_;
  bool closed_ = false;
};

}  // namespace flowrun::core
