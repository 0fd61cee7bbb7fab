// Waiting with a timeout that may be "for ever", which the clock cannot count.
#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace flowrun::core {

// What is longer than this is for ever: a clock's end is near where a duration is at its limit.
inline constexpr std::chrono::hours longest_wait{24 * 365};

// Returns what `ready` says at the end.
template <class Ready> bool wait_until_ready(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
                                             std::stop_token stop, std::chrono::milliseconds timeout, Ready ready) {
  if (timeout.count() <= 0 || ready()) return ready();
  if (timeout > longest_wait) return changed.wait(lock, stop, ready);
  return changed.wait_until(lock, stop, std::chrono::steady_clock::now() + timeout, ready);
}

}  // namespace flowrun::core
