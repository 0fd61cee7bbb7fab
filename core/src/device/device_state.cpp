#include "device_state.hpp"

#include <map>

#include "simulated_memory.hpp"

namespace flowrun::core {

device_state::device_state(device_spec spec) : spec_(std::move(spec)) {
  if (spec_.kind == "sim") simulated_ = std::make_unique<simulated_memory>(spec_);
  handle_ = {spec_.text, spec_.kind, spec_.index, simulated_.get()};
}
device_state::~device_state() = default;

std::uint64_t device_state::free() const {
  return simulated_ ? static_cast<const simulated_memory&>(*simulated_).free() : 0;
}

bool device_state::others_grew() const {
  return simulated_ && static_cast<const simulated_memory&>(*simulated_).others_grew();
}

void device_state::set_pool(std::uint64_t bytes) {
  {
    std::lock_guard lock(mutex_);
    pool_ = bytes;
  }
  changed_.notify_all();
}
std::uint64_t device_state::pool() const {
  std::lock_guard lock(mutex_);
  return pool_;
}
std::uint64_t device_state::peak_taken() const {
  std::lock_guard lock(mutex_);
  return peak_;
}

// A share larger than the whole pool would wait for ever: it goes when it is alone.
void device_state::take(std::uint64_t bytes) {
  std::unique_lock lock(mutex_);
  std::uint64_t mine = next_ticket_++;
  changed_.wait(lock, [&] { return served_ == mine && (taken_ + bytes <= pool_ || taken_ == 0); });
  ++served_;
  taken_ += bytes;
  if (taken_ > peak_) peak_ = taken_;
  if (active_++ == 0) busy_since_ = std::chrono::steady_clock::now();
  lock.unlock();
  changed_.notify_all();
}

void device_state::give(std::uint64_t bytes) {
  {
    std::lock_guard lock(mutex_);
    taken_ -= bytes;
    if (--active_ == 0) busy_ += std::chrono::steady_clock::now() - busy_since_;
  }
  changed_.notify_all();
}

double device_state::busy_seconds() const {
  std::lock_guard lock(mutex_);
  auto all = busy_;
  if (active_ > 0) all += std::chrono::steady_clock::now() - busy_since_;
  return std::chrono::duration<double>(all).count();
}

std::shared_ptr<device_state> share_device(const device_spec& spec) {
  static std::mutex mutex;
  static auto& known = *new std::map<std::string, std::weak_ptr<device_state>>;
  std::lock_guard lock(mutex);
  auto& entry = known[spec.text];
  if (auto alive = entry.lock()) return alive;
  auto made = std::make_shared<device_state>(spec);
  entry = made;
  return made;
}

}  // namespace flowrun::core
