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
  if (ended.load() || draining.load() || !reserve_read()) return end_place();
  int source = -1;
  admission_decision decision;
  std::shared_ptr<item_ref> ref = next_item(source, decision);
  if (!ref) return end_place();
  item* it = nullptr;
  try {
    it = make_item(source, std::move(ref), decision);
  } catch (const start_error& e) {  // a serial stage's object for a new stream
    stop(stop_kind::run_error, e.what());
    return end_place();
  }
  reserve_item(it);
  int now = live.fetch_add(1) + 1;
  if (now > peak_live.load(std::memory_order_relaxed)) peak_live.store(now, std::memory_order_relaxed);
  if (decision.mode == admission::replayed)
    ++replayed;
  else
    ++read;
  SEAM();
  // The place's unit of `moving` is the item's from here on.
  int again = take_withheld();
  send_item(source, it);
  if (again > 0) place();
}

std::shared_ptr<item_ref> run_state::next_ref(std::size_t source) {
  if (!listed_ahead.empty() && listed_ahead[source]) {
    auto& refs = *listed_ahead[source];
    if (refs.empty()) return nullptr;
    auto ref = std::move(refs.front());
    refs.pop_front();
    return ref;
  }
  return ask_source(source);
}

// What a source throws while it lists concerns the run: nobody knows what else it would have listed.
std::shared_ptr<item_ref> run_state::ask_source(std::size_t source) {
  const stage_state& s = stages[source];
  try {
    return s.code->call_next(*s.code, s.object->get());
  } catch (const std::exception& e) {
    stop(stop_kind::run_error, "stage '" + s.spec->name + "': " + e.what());
  } catch (...) {
    stop(stop_kind::run_error, "stage '" + s.spec->name + "': next() threw something that is not a std::exception");
  }
  return nullptr;
}

// Sources take turns. Items that are already in the store are passed over here, without a place of their own.
std::shared_ptr<item_ref> run_state::next_item(int& source, admission_decision& decision) {
  std::size_t open = sources.size();
  while (open > 0 && !draining.load()) {
    source = sources[next_source % sources.size()];
    auto at = static_cast<std::size_t>(source);
    if (source_ended[at]) {
      --open;
      ++next_source;
      continue;
    }
    std::shared_ptr<item_ref> ref = next_ref(at);
    if (!ref) {
      if (draining.load()) return nullptr;
      source_ended[at] = true;
      open = sources.size();
      continue;
    }
    if (options.decide) decision = options.decide(source, *ref);
    if (decision.mode == admission::already) {
      ++already;
      ++passed_over[at];
      continue;
    }
    ++next_source;
    return ref;
  }
  if (open == 0) ended.store(true);
  return nullptr;
}

std::unique_ptr<stage_object> run_state::make_object(const stage_state& s) const {
  return std::make_unique<stage_object>(*s.spec, *s.code, options.context ? options.context(s.index) : stage_context{});
}

std::shared_ptr<stream_state> run_state::stream_for(int source, const std::string& name) {
  auto& known = streams[static_cast<std::size_t>(source)];
  if (!known.empty() && known.back()->name == name) return known.back();
  auto stream = std::make_shared<stream_state>();
  stream->source = source;
  stream->name = name;
  stream->parts.resize(stages.size());
  for (const stage_state& s : stages) {
    auto at = static_cast<std::size_t>(s.index);
    if (s.order != turn_rule::by_stream || !plans[static_cast<std::size_t>(source)].reaches[at]) continue;
    stream->parts[at] = std::make_unique<stream_state::part>();
    stream->parts[at]->object = make_object(s);
  }
  known.push_back(stream);
  return stream;
}

item* run_state::make_item(int source, std::shared_ptr<item_ref> ref, const admission_decision& decision) {
  std::shared_ptr<stream_state> stream = stream_for(source, "");
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
  const source_plan& plan = plans[static_cast<std::size_t>(source)];
  it->source = source;
  it->ref = std::move(ref);
  it->seq = passed_over[static_cast<std::size_t>(source)] + stream->next_seq++;
  it->mode = decision.mode;
  it->known_id = decision.known_id;
  it->bytes = it->peak_bytes = 0;
  it->reserved = it->estimate = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    slot& x = it->slots[i];
    x.answered.store(status::none, std::memory_order_relaxed);
    x.waiting.store(plan.waiting[i], std::memory_order_relaxed);
    x.origin = -1;
    x.reason.clear();
    if (!plan.reaches[i]) continue;
    if (stages[i].model) stages[i].model->expected.fetch_add(1);
    if (stages[i].order == turn_rule::by_stream)
      x.turn = stream->parts[i]->order.admitted++;
    else if (stages[i].order == turn_rule::by_run)
      x.turn = stages[i].run_order->admitted++;
  }
  for (std::size_t v = 0; v < value_stage.size(); ++v)
    it->values[v].readers.store(plan.readers[v], std::memory_order_relaxed);
  it->stream = std::move(stream);
  it->ticket.store(1, std::memory_order_relaxed);
  return it.release();
}

}  // namespace flowrun::core
