// Admission: a free place is a message to a serial body, so nothing is read without one and the peak is exact.
#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

void run_state::admit() {
  free_places.fetch_sub(1);
  // A place that admits nothing may have been the last thing a half-full batch waited for.
  auto end_place = [this] {
    check_batches();
    unit_down();
  };
  work w;
  for (;;) {
    const std::uint64_t seen = news.load();
    if (ended.load() || draining.load() || !reserve_read()) return end_place();
    try {
      w = next_work();
    } catch (const start_error& e) {  // a serial stage's object for a new stream
      stop(stop_kind::run_error, e.what());
      return end_place();
    }
    look_for_ended_sources();
    if (w.ref || w.sequence) break;
    if (!w.later || wait_for_work(seen)) return end_place();
  }
  item* it = make_item(w.source, w.sequence ? w.sequence : set_of(w.source));
  it->ref = w.sequence ? w.sequence->frames->medium : std::move(w.ref);
  reserve_item(it);
  int now = live.fetch_add(1) + 1;
  if (now > peak_live.load(std::memory_order_relaxed)) peak_live.store(now, std::memory_order_relaxed);
  if (w.sequence) {
    free_places.fetch_add(1);  // whether there is an item is known when the frame is read
  } else {
    auto at = static_cast<std::size_t>(w.source);
    std::uint64_t seq = passed_over[at] + it->stream->next_seq++;
    identify(it, std::move(it->ref), w.decision, seq, seq);
    enter(it);
  }
  SEAM();
  // The place's unit of `moving` is the item's from here on.
  int again = take_withheld();
  // One event sends one waiting place off, but where one still was listed there may be more.
  if (!w.sequence && take_waiting()) ++again;
  send_item(w.source, it);
  for (; again > 0; --again) place();
}

item* run_state::make_item(int source, std::shared_ptr<stream_state> stream) {
  std::unique_ptr<item> it;
  {
    std::lock_guard lock(pool_mutex);
    if (!pool.empty()) {
      it = std::move(pool.back());
      pool.pop_back();
    }
  }
  if (!it) {
    it = std::make_unique<item>();
    it->slots = std::make_unique<slot[]>(stages.size());
    it->values = std::make_unique<port_value[]>(value_stage.size());
    it->rows = std::make_unique<row_set[]>(models.size());
  }
  it->source = source;
  it->stream = std::move(stream);
  it->bytes = it->peak_bytes = 0;
  it->reserved = it->estimate = 0;
  it->ticket.store(1, std::memory_order_relaxed);
  return it.release();
}

void run_state::identify(item* it, std::shared_ptr<item_ref> ref, const admission_decision& decision, std::uint64_t seq,
                         std::uint64_t ordinal) {
  it->ref = std::move(ref);
  it->mode = decision.mode;
  it->known_id = decision.known_id;
  it->seq = seq;
  it->ordinal = ordinal;
}

void run_state::enter(item* it) {
  auto& counter = it->mode == admission::replayed ? replayed : it->mode == admission::context ? context : read;
  ++counter;
  const source_plan& plan = plans[static_cast<std::size_t>(it->source)];
  for (std::size_t v = 0; v < value_stage.size(); ++v)
    it->values[v].readers.store(plan.readers[v], std::memory_order_relaxed);
  // One lock over all stages' turns: several sequences are read at once, and all stages see one order. Stills are
  // admitted one by one.
  std::unique_lock lock(turn_mutex, std::defer_lock);
  if (turns_meet) lock.lock();
  for (std::size_t i = 0; i < stages.size(); ++i) {
    slot& x = it->slots[i];
    x.answered.store(status::none, std::memory_order_relaxed);
    x.waiting.store(plan.waiting[i], std::memory_order_relaxed);
    x.origin = -1;
    x.reason.clear();
    x.after_gap = false;
    if (!plan.reaches[i]) continue;
    if (stages[i].model) stages[i].model->expected.fetch_add(1);
    if (stages[i].life) stages[i].life->expected.fetch_add(1);
    if (stages[i].order == turn_rule::by_stream)
      x.turn = it->stream->parts[i]->order.admitted++;
    else if (stages[i].order == turn_rule::by_run)
      x.turn = stages[i].run_order->admitted++;
  }
}

}  // namespace flowrun::core
