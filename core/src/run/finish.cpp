// The end of an item: what became of it, and its place for the next one.
#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

// Below this many finished items the error rate says little; it is judged again at the end.
inline constexpr std::uint64_t judged_from = 100;

void run_state::finish(item* it) {
  const source_plan& plan = plans[static_cast<std::size_t>(it->source)];
  finished_item f;
  f.in_flight = it;
  bool any_cancelled = false, any_value = false;
  int failed_at = -1, skipped_at = -1;
  for (const stage_state& s : stages) {
    auto at = static_cast<std::size_t>(s.index);
    if (!plan.reaches[at] || !s.code) continue;
    status q = it->slots[at].answered.load(std::memory_order_acquire);
    if (q == status::none) {
      stop(stop_kind::internal_error, "item '" + it->ref->key + "' ended before stage '" + s.spec->name + "' answered");
      any_cancelled = true;
    }
    if (q == status::cancelled) any_cancelled = true;
    if (!s.matters) continue;
    if (q == status::error && failed_at < 0) failed_at = s.index;
    if (q == status::skip && skipped_at < 0) skipped_at = s.index;
    if (q == status::value) any_value = true;
  }
  if (any_cancelled)
    f.end = item_end::cancelled;
  else if (failed_at >= 0)
    f.end = item_end::failed;
  else if (any_value)
    f.end = item_end::done;
  else
    f.end = item_end::skipped;
  int reason_at = f.end == item_end::failed ? failed_at : f.end == item_end::skipped ? skipped_at : -1;
  if (reason_at >= 0) f.reason_stage = it->slots[static_cast<std::size_t>(reason_at)].origin;
  // live, then the place, then the item's own unit: else the peak is exceeded, or the run looks stalled.
  if (planted(planted_bug::place_before_live)) place();
  SEAM();
  live.fetch_sub(1);
  if (f.end == item_end::cancelled) it->stream->unfinished = true;
  if (it->mode == admission::fresh) {
    auto& counter = f.end == item_end::cancelled ? cancelled_items
                    : f.end == item_end::failed  ? failed
                    : f.end == item_end::done    ? done
                                                 : skipped;
    ++counter;
    if (f.end == item_end::failed) judge_errors(stages[static_cast<std::size_t>(f.reason_stage)]);
  }
  bool place_free = true;
  if (options.on_finished) {
    // Counted as owed before the caller may give it back.
    unit_up();
    reserve_wait();
    try {
      place_free = options.on_finished(f);
    } catch (const std::exception& e) {  // a value that cannot be encoded; its item has no row and runs again
      it->stream->unfinished = true;
      stop(stop_kind::run_error, "item '" + it->ref->key + "' cannot be kept: " + e.what());
    }
  }
  for (std::size_t v = 0; v < value_stage.size(); ++v) release(it, it->values[v]);
  return_reservation(it);
  leave_stream(it->stream);
  recycle(it);
  if (place_free) {
    if (!planted(planted_bug::place_before_live)) place();
    if (options.on_finished) {
      release_wait();
      unit_down();
    }
  }
  unit_down();
}

void run_state::recycle(item* it) {
  it->stream.reset();
  it->ref.reset();
  std::lock_guard lock(pool_mutex);
  pool.emplace_back(it);
}

void run_state::judge_errors(const stage_state& failed_stage) {
  if (failed_stage.spec->error_rule == on_error::stop)
    return stop(stop_kind::on_error,
                "an item failed at stage '" + failed_stage.spec->name + "', whose on_error is stop");
  std::uint64_t bad = failed.load(), all = done.load() + skipped.load() + bad;
  if (all >= judged_from && static_cast<double>(bad) > graph.run.max_error_rate * static_cast<double>(all))
    stop(stop_kind::error_rate, std::to_string(bad) + " of " + std::to_string(all) + " items failed");
}

// The first reason to stop is the one that counts.
void run_state::stop(stop_kind why, const std::string& text) {
  {
    std::lock_guard lock(stop_mutex);
    if (why_stopped == stop_kind::none) {
      why_stopped = why;
      stop_text = text;
    }
  }
  if (why == stop_kind::device_lost) device_gone.store(true);
  draining.store(true);
  stop_waiting();
}

std::string run_state::state_table() const {
  std::string t = "in flight " + std::to_string(live.load()) + ", moving " + std::to_string(moving.load()) + "\n";
  for (const stage_state& s : stages) {
    t += s.spec->name + ": " + std::to_string(s.counters->calls.load()) + " calls, " +
         std::to_string(s.counters->active.load()) + " now";
    if (s.run_order)
      t += ", turn " + std::to_string(s.run_order->next) + ", " + std::to_string(s.run_order->waiting.size()) +
           " waiting";
    if (s.model)
      t += ", " + std::to_string(s.model->in_slots.load()) + " batches in slots, open batch " +
           std::to_string(static_cast<int>(s.model->fullness() * 100)) + " % full";
    t += "\n";
  }
  return t;
}

}  // namespace flowrun::core
