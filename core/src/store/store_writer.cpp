#include "store_writer.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace flowrun::core {
namespace {

using clock = std::chrono::steady_clock;

// Commits have a fixed cost; beyond this many units it no longer shows.
constexpr std::size_t full_group = 500;

std::size_t bytes_of(const commit_unit& unit) {
  std::size_t bytes = 0;
  for (const outcome_row& row : unit.rows) bytes += row.blob.size();
  return bytes;
}

}  // namespace

store_writer::store_writer(run_store& store, writer_options options)
    : store_(store), options_(std::move(options)), thread_([this] { run(); }) {}

store_writer::~store_writer() {
  finish();
}

bool store_writer::push(commit_unit unit) {
  std::size_t bytes = bytes_of(unit);
  std::lock_guard lock(mutex_);
  if (finishing_) throw std::logic_error("store_writer: push after finish");
  if (next_.units.empty()) next_.begun = clock::now();
  const bool has_place = !unit.ended;
  next_.units.push_back(std::move(unit));
  next_.bytes += bytes;
  bytes_inside_ += bytes;
  numbers_.largest_backlog = std::max<std::uint64_t>(numbers_.largest_backlog, ++units_inside_);
  bool owed = has_place && (units_inside_ > options_.max_units || bytes_inside_ > options_.max_bytes);
  if (owed) ++next_.owed;
  std::size_t waiting = next_.units.size();
  if (waiting == 1 || waiting == full_group || next_.owed == 1) wake_.notify_one();
  return !owed;
}

bool store_writer::is_due(clock::time_point now) const {
  if (finishing_) return true;
  if (next_.units.empty()) return false;
  return next_.owed > 0 || next_.units.size() >= full_group ||
         now - next_.begun >= std::chrono::milliseconds(options_.group_ms);
}

void store_writer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (!is_due(clock::now())) {
      if (next_.units.empty())
        wake_.wait(lock);
      else
        wake_.wait_until(lock, next_.begun + std::chrono::milliseconds(options_.group_ms));
    }
    if (next_.units.empty()) return;  // finishing
    group g = std::exchange(next_, group());
    lock.unlock();
    commit_group(g);
    std::size_t committed = g.units.size();
    g.units.clear();
    lock.lock();
    units_inside_ -= committed;
    bytes_inside_ -= g.bytes;
    lock.unlock();
    if (g.owed > 0 && options_.on_committed) options_.on_committed(g.owed);
    lock.lock();
  }
}

void store_writer::commit_group(const group& g) {
  if (failed_) return;
  auto begun = clock::now();
  std::string failure;
  try {
    store_.commit(g.units);
  } catch (const std::exception& e) {
    failure = e.what();
    failed_ = true;
  }
  double seconds = std::chrono::duration<double>(clock::now() - begun).count();
  if (failed_) {
    if (options_.on_failed) options_.on_failed(failure);
    return;
  }
  std::lock_guard lock(mutex_);
  ++numbers_.groups;
  numbers_.units += g.units.size();
  numbers_.largest_group = std::max<std::uint64_t>(numbers_.largest_group, g.units.size());
  numbers_.commit_seconds += seconds;
}

void store_writer::finish() {
  {
    std::lock_guard lock(mutex_);
    finishing_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

store_writer::numbers store_writer::counted() const {
  std::lock_guard lock(mutex_);
  return numbers_;
}

}  // namespace flowrun::core
