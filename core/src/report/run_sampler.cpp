#include "run_sampler.hpp"

#include <algorithm>

namespace flowrun::core {

namespace {

using clock = std::chrono::steady_clock;

// The kernel counts a process's time in steps of 10 ms: of less than this, shares are noise.
constexpr double shortest_share = 0.2;

}  // namespace

run_sampler::run_sampler(std::vector<std::shared_ptr<device_state>> devices, std::chrono::milliseconds every)
    : devices_(std::move(devices)),
      sources_(find_core_sources()),
      began_(read_cores(sources_)),
      figures_(devices_.size()),
      started_(clock::now()),
      looked_(started_),
      last_(began_) {
  for (const auto& d : devices_) watches_.push_back(std::make_unique<device_watch>(d));
  if (!devices_.empty()) thread_ = std::thread([this, every] { watch(every); });
}

run_sampler::~run_sampler() {
  end();
}

void run_sampler::end() {
  {
    std::lock_guard lock(mutex_);
    if (ending_) return;
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  look();
  std::lock_guard lock(mutex_);
  ended_ = read_cores(sources_);
}

void run_sampler::watch(std::chrono::milliseconds every) {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, every, [this] { return ending_; })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

// The driver is asked without the lock: it may take its time.
void run_sampler::look() {
  std::vector<device_figures> now;
  std::vector<double> busy_seconds;
  const auto at = clock::now();
  for (const auto& w : watches_) busy_seconds.push_back(w->busy_seconds());
  for (const auto& d : devices_) {
    now.push_back(d->read_figures());
    // Whoever calls it next is told, and the run stops.
    if (now.back().lost) d->set_lost();
  }
  std::lock_guard lock(mutex_);
  const double passed = std::chrono::duration<double>(at - looked_).count();
  looked_ = at;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    figures& f = figures_[i];
    const bool has_driver = devices_[i]->card() != nullptr;
    if (!now[i].fault.empty()) f.fault = now[i].fault;
    std::optional<double> busy = now[i].busy;
    if (!has_driver && passed > 0) busy = std::clamp((busy_seconds[i] - f.busy_seconds) / passed, 0.0, 1.0);
    f.busy_seconds = busy_seconds[i];
    f.busy_now = busy.value_or(-1);
    if (busy) {
      // Of unequal times: the last one is short.
      f.busy_sum += *busy * passed;
      f.known_seconds += passed;
    }
    if (now[i].used == 0 && has_driver) continue;
    ++f.samples;
    f.used = now[i].used;
    f.peak_used = std::max(f.peak_used, f.used);
    f.peak_others = std::max(f.peak_others, now[i].others);
  }
}

void run_sampler::fill(progress& p) {
  std::lock_guard lock(mutex_);
  const core_reading now = read_cores(sources_);
  if (now.at - last_.at >= shortest_share) {
    cpu_now_ = share_cores(last_, now).own;
    last_ = now;
  }
  p.cpu_busy = cpu_now_;
  for (std::size_t i = 0; i < devices_.size(); ++i)
    p.devices.push_back({devices_[i]->name(), figures_[i].busy_now, figures_[i].used, devices_[i]->total()});
}

void run_sampler::fill(report& r) const {
  std::lock_guard lock(mutex_);
  const double whole = std::chrono::duration<double>(looked_ - started_).count();
  r.cpu = share_cores(began_, ended_);
  for (std::size_t i = 0; i < devices_.size() && i < r.devices.size(); ++i) {
    const figures& f = figures_[i];
    const device_state& d = *devices_[i];
    device_report& to = r.devices[i];
    to.peak = watches_[i]->peak_taken();
    to.busy = whole > 0 ? std::min(1.0, f.busy_seconds / whole) : 0;
    to.card = d.card() ? d.card()->name() : "";
    to.total = d.total();
    to.budget = d.budget();
    to.samples = f.samples;
    to.gpu_busy = f.known_seconds > 0 ? f.busy_sum / f.known_seconds : -1;
    to.used = f.used;
    to.peak_used = f.peak_used;
    to.others = f.peak_others;
    if (!f.fault.empty()) r.notes.push_back("device " + d.name() + " (" + to.card + "): " + f.fault);
  }
}

}  // namespace flowrun::core
