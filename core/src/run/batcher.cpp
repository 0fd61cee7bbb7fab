#include "batcher.hpp"

#include <algorithm>
#include <cstring>

#include "seam.hpp"

namespace flowrun::core {

// With a buffer each for the largest shape, so no more than are of use: a shape that is rare goes half empty.
static constexpr std::size_t most_open = 8;

static bool has_range(const model_file* m) {
  return m && std::any_of(m->inputs.begin(), m->inputs.end(), [](const model_port& p) { return !p.fixed(); });
}

batcher::batcher(model_run run)
    : setup(std::move(run)),
      format{setup.file, setup.put},
      ranged(has_range(setup.file)),
      limit_(setup.ceiling > 0 ? std::min(setup.ceiling, setup.batch) : setup.batch) {}

// Buffers are as large as the largest shape, and seen as the smaller one: any that is free serves any shape.
batch* batcher::make_open(const row_shapes& shapes) {
  if (free_.empty()) {
    auto b = std::make_unique<batch>();
    for (const model_port& input : setup.file->inputs) {
      std::vector<std::int64_t> shape = {static_cast<std::int64_t>(setup.batch)};
      for (const dimension& d : input.shape) shape.push_back(d.high);
      b->inputs.push_back(setup.session->make_input(input.type, std::move(shape)));
    }
    b->owners.reserve(setup.batch);
    b->row_of.reserve(setup.batch);
    free_.push_back(b.get());
    all_.push_back(std::move(b));
  }
  batch* b = free_.back();
  free_.pop_back();
  b->number = opened_++;
  b->taken = b->committed = 0;
  b->closed = false;
  b->owners.clear();
  b->row_of.clear();
  b->shapes = shapes;
  for (std::size_t k = 0; k < shapes.size(); ++k)
    std::copy(shapes[k].begin(), shapes[k].end(), b->inputs[k].shape.begin() + 1);
  return b;
}

batch* batcher::take(item* owner, int row, const row_shapes& shapes, int& index, batch*& displaced_batch) {
  std::lock_guard lock(mutex_);
  displaced_batch = nullptr;
  const auto at = std::find_if(open_.begin(), open_.end(), [&shapes](const batch* b) {
    return b->shapes == shapes || planted(planted_bug::shapes_mixed);
  });
  if (at != open_.end()) {
    std::rotate(at, at + 1, open_.end());
  } else {
    batch* fresh = make_open(shapes);  // first: it may throw
    if (open_.size() == most_open) {
      displaced_batch = close_locked(open_.front());
      displaced.fetch_add(1, std::memory_order_relaxed);
    }
    open_.push_back(fresh);
  }
  batch* b = open_.back();
  index = b->taken++;
  b->owners.push_back(owner);
  b->row_of.push_back(row);
  if (static_cast<std::size_t>(b->taken) >= limit_.load()) {
    b->closed = true;
    open_.pop_back();
    full.fetch_add(1, std::memory_order_relaxed);
  }
  return b;
}

static void make_hole(batch& b, int index) {
  auto at = static_cast<std::size_t>(index);
  if (!planted(planted_bug::holes_are_rows)) b.owners[at] = nullptr;
  for (tensor& input : b.inputs) {
    std::size_t row = bytes(input) / static_cast<std::size_t>(input.shape[0]);
    std::memset(static_cast<char*>(input.data.get()) + at * row, 0, row);
  }
}

std::vector<batch*> batcher::commit(const std::vector<std::pair<batch*, int>>& rows_taken, bool failed) {
  std::vector<batch*> ready;
  std::lock_guard lock(mutex_);
  for (const auto& taken : rows_taken) {
    batch* b = taken.first;
    if (failed) make_hole(*b, taken.second);
    if (++b->committed == b->taken && b->closed) ready.push_back(b);
  }
  return ready;
}

void batcher::arrive() {
  std::lock_guard lock(mutex_);
  ++arrived_;
}

batch* batcher::close_locked(batch* b) {
  open_.erase(std::find(open_.begin(), open_.end(), b));
  b->closed = true;
  return b->committed == b->taken ? b : nullptr;
}

// Of equals the one that has waited longest for a row.
batch* batcher::fullest() const {
  return *std::max_element(open_.begin(), open_.end(),
                           [](const batch* a, const batch* b) { return a->taken < b->taken; });
}

batch* batcher::close() {
  std::lock_guard lock(mutex_);
  if (open_.empty()) return nullptr;
  quiet.fetch_add(1, std::memory_order_relaxed);
  return close_locked(fullest());
}

double batcher::fullness() {
  std::lock_guard lock(mutex_);
  return open_.empty() ? 0 : static_cast<double>(fullest()->taken) / static_cast<double>(limit_.load());
}

batch* batcher::close_if_half(int in_flight) {
  std::lock_guard lock(mutex_);
  if (open_.empty() || arrived_ != expected.load() || running_ >= setup.slots) return nullptr;
  std::size_t most = std::min(limit_.load(), static_cast<std::size_t>(in_flight)), rows_open = 0;
  for (const batch* b : open_) rows_open += static_cast<std::size_t>(b->taken);
  if (rows_open * 2 < most) return nullptr;
  half.fetch_add(1, std::memory_order_relaxed);
  return close_locked(fullest());
}

void batcher::begin() {
  std::lock_guard lock(mutex_);
  counting_ = true;
  idle_since_ = std::chrono::steady_clock::now();
}

void batcher::end() {
  std::lock_guard lock(mutex_);
  if (counting_ && running_ == 0) idle_ += std::chrono::steady_clock::now() - idle_since_;
  counting_ = false;
}

double batcher::rowless_seconds() const {
  std::lock_guard lock(mutex_);
  auto all = idle_;
  if (counting_ && running_ == 0) all += std::chrono::steady_clock::now() - idle_since_;
  return std::chrono::duration<double>(all).count();
}

void batcher::add_wait(std::chrono::steady_clock::time_point since) {
  const std::chrono::nanoseconds waited = std::chrono::steady_clock::now() - since;
  wait_ns.fetch_add(static_cast<std::uint64_t>(waited.count()), std::memory_order_relaxed);
}

void batcher::count_rows(std::size_t n) {
  batches.fetch_add(1, std::memory_order_relaxed);
  rows.fetch_add(n, std::memory_order_relaxed);
  const std::size_t eighth = n == 0 ? 0 : (n * eighths.size() - 1) / setup.batch;
  eighths[std::min(eighth, eighths.size() - 1)].fetch_add(1, std::memory_order_relaxed);
}

void batcher::sent(batch* b) {
  std::lock_guard lock(mutex_);
  b->sent = std::chrono::steady_clock::now();
  if (running_++ == 0 && counting_) idle_ += b->sent - idle_since_;
}

void batcher::send_in_turn(batch* b) {
  if (!setup.file->stream_state) return send(b);
  std::lock_guard lock(turn_mutex_);
  early_.emplace(b->number, b);
  for (auto first = early_.begin(); first != early_.end() && first->first == next_turn_; first = early_.begin()) {
    send(first->second);
    early_.erase(first);
    ++next_turn_;
  }
}

void batcher::returned(batch* b) {
  std::lock_guard lock(mutex_);
  if (--running_ == 0) idle_since_ = std::chrono::steady_clock::now();
  free_.push_back(b);
}

void batcher::drop_buffers() {
  std::lock_guard lock(mutex_);
  all_.erase(std::remove_if(all_.begin(), all_.end(),
                            [this](const std::unique_ptr<batch>& b) {
                              return std::find(free_.begin(), free_.end(), b.get()) != free_.end();
                            }),
             all_.end());
  free_.clear();
}

bool batcher::lower_ceiling(std::size_t most) {
  std::size_t now = limit_.load();
  while (most < now)
    if (limit_.compare_exchange_weak(now, most)) return true;
  return false;
}

void batcher::add_fault(row_set& of, const std::string& text) {
  std::lock_guard lock(mutex_);
  if (of.fault.empty()) of.fault = text;
}

}  // namespace flowrun::core
