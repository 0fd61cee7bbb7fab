#include "device_state.hpp"

#include <algorithm>
#include <map>

#include "device_watch.hpp"
#include "simulated_memory.hpp"

namespace flowrun::core {

// What other programs' memory on a card changes by without anything having happened.
static constexpr std::uint64_t usual_change = std::uint64_t{64} << 20;

device_state::device_state(device_spec spec, std::shared_ptr<const gpu_card> card)
    : spec_(std::move(spec)), card_(std::move(card)) {
  if (spec_.kind == "sim") simulated_ = std::make_unique<simulated_memory>(spec_);
  if (card_) {
    const gpu_reading now = card_->read();
    spec_.memory = now.total;
    used_at_start_ = now.used - std::min(now.used, now.ours.value_or(0));
  }
  handle_ = {spec_.text, spec_.kind, spec_.index, simulated_.get()};
}
device_state::~device_state() = default;

std::uint64_t device_state::free() const {
  if (card_) return card_->read().free;
  return simulated_ ? static_cast<const simulated_memory&>(*simulated_).free() : 0;
}

bool device_state::others_grew() const {
  if (card_) return read_figures().others > used_at_start_ + usual_change;
  return simulated_ && static_cast<const simulated_memory&>(*simulated_).others_grew();
}

device_figures device_state::read_figures() const {
  device_figures f;
  if (card_) {
    const gpu_reading now = card_->read();
    f.used = now.used;
    // Where the driver does not say what is ours: what was there before us.
    f.others = now.ours ? now.used - std::min(now.used, *now.ours) : std::min(now.used, used_at_start_);
    f.busy = now.busy;
    f.fault = now.fault;
    f.lost = now.lost;
  } else if (simulated_) {
    f.used = spec_.memory - free();
    f.others = static_cast<const simulated_memory&>(*simulated_).others();
  }
  return f;
}

std::uint64_t device_state::set_pool(std::uint64_t bytes, std::uint64_t budget) {
  std::uint64_t number = 0;
  {
    std::lock_guard lock(mutex_);
    pool_ = bytes;
    grown_ = 0;
    budget_ = budget;
    number = ++plan_;
  }
  changed_.notify_all();
  return number;
}
void device_state::grow_pool(std::uint64_t plan, std::uint64_t bytes) {
  {
    std::lock_guard lock(mutex_);
    if (plan != plan_) return;
    grown_ += bytes;
  }
  changed_.notify_all();
}
std::uint64_t device_state::pool() const {
  std::lock_guard lock(mutex_);
  return pool_;
}
std::uint64_t device_state::budget() const {
  std::lock_guard lock(mutex_);
  return budget_;
}
std::uint64_t device_state::peak_taken() const {
  std::lock_guard lock(mutex_);
  return peak_;
}

// A share larger than the whole pool would wait for ever: it goes when it is alone.
void device_state::take(std::uint64_t bytes) {
  std::unique_lock lock(mutex_);
  std::uint64_t mine = next_ticket_++;
  changed_.wait(lock, [&] { return served_ == mine && (taken_ + bytes <= pool_ + grown_ || taken_ == 0); });
  ++served_;
  taken_ += bytes;
  peak_ = std::max(peak_, taken_);
  for (device_watch* w : watches_) w->peak_ = std::max(w->peak_, taken_);
  lock.unlock();
  changed_.notify_all();
}

void device_state::give(std::uint64_t bytes) {
  {
    std::lock_guard lock(mutex_);
    taken_ -= bytes;
  }
  changed_.notify_all();
}

void device_state::begin_call() {
  std::lock_guard lock(mutex_);
  if (active_++ == 0) busy_since_ = std::chrono::steady_clock::now();
}
void device_state::end_call() {
  std::lock_guard lock(mutex_);
  if (--active_ == 0) busy_ += std::chrono::steady_clock::now() - busy_since_;
}

double device_state::busy_seconds() const {
  std::lock_guard lock(mutex_);
  auto all = busy_;
  if (active_ > 0) all += std::chrono::steady_clock::now() - busy_since_;
  return std::chrono::duration<double>(all).count();
}

std::shared_ptr<device_state> share_device(const device_spec& spec, const gpu_options& gpus, std::string& fault) {
  static std::mutex mutex;
  static auto& known = *new std::map<std::string, std::weak_ptr<device_state>>;
  std::lock_guard lock(mutex);
  auto& entry = known[spec.text];
  if (auto alive = entry.lock()) return alive;
  std::shared_ptr<const gpu_card> card;
  if (spec.kind == "cuda" && !(card = open_card(gpus, spec.index, fault))) return nullptr;
  auto made = std::make_shared<device_state>(spec, std::move(card));
  entry = made;
  return made;
}

}  // namespace flowrun::core
