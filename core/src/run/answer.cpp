// How a stage answers an item: its inputs decide, or its code does; exactly once either way.
#include <array>
#include <chrono>

#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

void* run_state::object_for(item* it, const stage_state& s) const {
  if (s.has_object_by_stream()) return it->stream->parts[static_cast<std::size_t>(s.index)]->object->get();
  return s.object->get();
}

// The worst input wins; among equals the first. An optional input without a value is null.
status run_state::gather_inputs(item* it, stage_state& s, const void** in, int& origin) const {
  if (cancelled.load(std::memory_order_relaxed)) return status::cancelled;
  status worst = status::value;
  const auto& wired = plans[static_cast<std::size_t>(it->source)].input_values[static_cast<std::size_t>(s.index)];
  for (std::size_t k = 0; k < wired.size(); ++k) {
    in[k] = nullptr;
    if (wired[k] < 0) continue;
    auto v = static_cast<std::size_t>(wired[k]);
    const slot& from = it->slots[static_cast<std::size_t>(value_stage[v])];
    status q = from.answered.load(std::memory_order_acquire);
    if (q == status::value) {
      in[k] = it->values[v].held.value.get();
    } else if (q == status::cancelled || !s.code->inputs[k].optional) {
      if (q <= worst) continue;
      worst = q;
      origin = from.origin;
    }
  }
  if (worst == status::value && s.spec->every > 1 && it->ordinal % s.spec->every != 0) {
    it->slots[static_cast<std::size_t>(s.index)].reason = "sampled out";
    return status::skip;
  }
  return worst;
}

stage_call::stage_call(stage_counters& c) : c_(c) {
  int now = c.active.fetch_add(1, std::memory_order_relaxed) + 1;
  int peak = c.peak.load(std::memory_order_relaxed);
  while (now > peak && !c.peak.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {}
  begin_ = std::chrono::steady_clock::now();
}

void stage_call::end(bool counts) {
  auto spent = std::chrono::steady_clock::now() - begin_;
  c_.active.fetch_sub(1, std::memory_order_relaxed);
  if (counts) c_.calls.fetch_add(1, std::memory_order_relaxed);
  c_.busy_ns.fetch_add(static_cast<std::uint64_t>(std::chrono::nanoseconds(spent).count()), std::memory_order_relaxed);
}

item_info run_state::describe(const item* it) const {
  return {it->ref->key, graph.stages[static_cast<std::size_t>(it->source)].name, it->stream->name, it->seq,
          it->ref->time_ns};
}

status run_state::recall(item* it, stage_state& s, const void* const* in, payload* out, std::string& reason,
                         std::string& key) {
  if (!s.cache) return status::none;
  const slot& mine = it->slots[static_cast<std::size_t>(s.index)];
  content_hash* const pair[] = {mine.previous_content.get(), mine.content.get()};
  key = s.cache->key_of(in, describe(it), s.is_window() ? std::span(pair) : std::span<content_hash* const>());
  status found = s.cache->find(key, out, reason);
  if (found != status::none) s.counters->cached.fetch_add(1, std::memory_order_relaxed);
  return found;
}

void run_state::remember(stage_state& s, const std::string& key, status answered, const payload* out,
                         const std::string& reason) {
  if (s.cache && (answered == status::value || answered == status::skip)) s.cache->put(key, answered, out, reason);
}

status run_state::call(item* it, stage_state& s, const void* const* in, payload* out, std::string& reason) {
  const item_info info = describe(it);
  for (int attempt = 0;; ++attempt) {
    reason.clear();  // a failed attempt's
    call_frame frame{in, out, &reason, &info, false};
    stage_call timer(*s.counters);
    status answered = s.code->call(*s.code, object_for(it, s), frame);
    timer.end();
    if (frame.stop_run) {
      // The run is at fault, not the item: it gets no row and runs again on resume.
      stop(stop_kind::run_error, "stage '" + s.spec->name + "', item '" + it->ref->key + "': " + reason);
      return status::cancelled;
    }
    if (answered != status::error || attempt >= s.spec->retries || cancelled.load()) return answered;
    s.counters->retries.fetch_add(1, std::memory_order_relaxed);
  }
}

status run_state::answer_early(item* it, stage_state& s, const void** in, payload* out, std::string& key, int& origin) {
  slot& mine = it->slots[static_cast<std::size_t>(s.index)];
  origin = s.index;
  if (mine.after_gap) return status::cancelled;
  if (it->mode != admission::fresh && !s.needed_for_replay) {
    mine.reason = "replayed";
    return status::skip;
  }
  status answered = status::value;
  if (s.code->shape == stage_shape::source) {
    in[0] = it->ref.get();
    if (cancelled.load(std::memory_order_relaxed)) answered = status::cancelled;
  } else {
    answered = gather_inputs(it, s, in, origin);
  }
  if (s.is_window() && answered == status::value) answered = open_window(it, s, in);
  if (answered != status::value) return answered;
  answered = recall(it, s, in, out, mine.reason, key);
  if (answered == status::value) keep_values(it, s, out);
  return answered;
}

void run_state::answer(item* it, stage_state& s) {
  slot& mine = it->slots[static_cast<std::size_t>(s.index)];
  std::array<const void*, most_ports> in;
  std::array<payload, most_ports> out;
  std::string key;
  int origin = s.index;
  status answered = answer_early(it, s, in.data(), out.data(), key, origin);
  if (answered == status::none) {
    answered = call(it, s, in.data(), out.data(), mine.reason);
    remember(s, key, answered, out.data(), mine.reason);
    if (answered == status::value) keep_values(it, s, out.data());
  }
  if (s.is_window()) close_window(mine);
  settle(it, s, answered, origin);
}

void run_state::settle(item* it, stage_state& s, status answered, int origin) {
  slot& mine = it->slots[static_cast<std::size_t>(s.index)];
  stage_counters& c = *s.counters;
  if (answered == status::value)
    c.values.fetch_add(1, std::memory_order_relaxed);
  else if (answered == status::skip)
    c.skips.fetch_add(1, std::memory_order_relaxed);
  else if (answered == status::error)
    c.errors.fetch_add(1, std::memory_order_relaxed);
  mine.origin = origin;
  mine.answered.store(answered, std::memory_order_release);
  SEAM();
  done_reading(it, s);
  count_answer(s);
}

void run_state::keep_values(item* it, stage_state& s, payload* out) {
  std::int64_t added = 0;
  for (int i = 0; i < s.outputs; ++i) {
    port_value& v = it->values[static_cast<std::size_t>(s.first_value + i)];
    if (v.readers.load(std::memory_order_relaxed) == 0) continue;  // nobody reads it: gone at once
    added += static_cast<std::int64_t>(out[i].bytes);
    v.held = std::move(out[i]);
  }
  if (added != 0) count_bytes(it, added);
}

void run_state::count_bytes(item* it, std::int64_t more) {
  auto raise = [](std::atomic<std::int64_t>& peak, std::int64_t now) {
    std::int64_t seen = peak.load(std::memory_order_relaxed);
    while (now > seen && !peak.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {}
  };
  raise(it->peak_bytes, it->bytes.fetch_add(more) + more);
  raise(peak_bytes, live_bytes.fetch_add(more) + more);
}

void run_state::release(item* it, port_value& v) {
  auto held = static_cast<std::int64_t>(v.held.bytes);
  if (held != 0) {
    it->bytes.fetch_sub(held, std::memory_order_relaxed);
    live_bytes.fetch_sub(held, std::memory_order_relaxed);
  }
  v.held = {};
}

void run_state::done_reading(item* it, const stage_state& s) {
  for (int v : plans[static_cast<std::size_t>(it->source)].input_values[static_cast<std::size_t>(s.index)]) {
    if (v < 0) continue;
    port_value& value = it->values[static_cast<std::size_t>(v)];
    int before = value.readers.fetch_sub(1, std::memory_order_acq_rel);
    if (before == 1 || planted(planted_bug::release_before_read)) release(it, value);
  }
}

bool run_state::arrived(item* it, const stage_state& s) {
  int last = planted(planted_bug::join_passes_early) ? 2 : 1;
  return it->slots[static_cast<std::size_t>(s.index)].waiting.fetch_sub(1, std::memory_order_acq_rel) == last;
}

}  // namespace flowrun::core
