// Serial stages, ordered sinks and rows for networks with a state: one item at a time, by turn.
#include <algorithm>

#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

turnstile& run_state::gate_of(item* it, const stage_state& s) const {
  return s.order == turn_rule::by_run ? *s.run_order : it->stream->parts[static_cast<std::size_t>(s.index)]->order;
}

bool run_state::reads_cancelled(const item* it, const stage_state& s) const {
  const auto& wired = plans[static_cast<std::size_t>(it->source)].input_values[static_cast<std::size_t>(s.index)];
  return std::any_of(wired.begin(), wired.end(), [&](int v) {
    return v >= 0 && it->slots[static_cast<std::size_t>(value_stage[static_cast<std::size_t>(v)])].answered.load(
                         std::memory_order_acquire) == status::cancelled;
  });
}

// A cancelled item runs again on resume, but what a stage with a memory answered after it would be kept, though made
// without it. So everything after it is cancelled too.
void run_state::pass_in_order(item* it, stage_state& s, const std::function<void(item*)>& send) {
  auto at = static_cast<std::size_t>(s.index);
  // Keeps the stream alive: sending the item on may finish it.
  std::shared_ptr<stream_state> stream = it->stream;
  turnstile& gate = gate_of(it, s);
  std::uint64_t turn = it->slots[at].turn;
  {
    std::unique_lock lock(gate.mutex);
    if (gate.busy || turn != gate.next) {
      // Before others can see it; else they unpark what holds nothing.
      if (!planted(planted_bug::drop_before_hold)) hold(it);
      gate.waiting.emplace(turn, it);
      lock.unlock();
      SEAM();
      drop(it);
      if (planted(planted_bug::drop_before_hold)) hold(it);
      return;
    }
    gate.busy = true;
  }
  // Once an item is sent away its unit of `moving` is no longer ours, and there is more to do here.
  bool own_unit = !planted(planted_bug::no_unit_while_draining);
  if (own_unit) unit_up();
  while (it) {
    gate.gap = gate.gap || reads_cancelled(it, s);
    it->slots[at].after_gap = gate.gap;
    if (s.is_window()) {
      pair(it, s);
      send(it);
    } else if (s.model) {
      prepare(it, s, send);
    } else {
      answer(it, s);
      gate.gap = gate.gap || it->slots[at].answered.load() == status::cancelled;
      fan_out(it, static_cast<int>(s.successors.size()));
      if (!s.successors.empty()) send(it);
    }
    SEAM();
    std::lock_guard lock(gate.mutex);
    ++gate.next;
    auto first = gate.waiting.begin();
    if (first == gate.waiting.end() || first->first != gate.next) {
      gate.busy = false;
      it = nullptr;
    } else {
      it = first->second;
      gate.waiting.erase(first);
      unpark(it);
    }
  }
  if (own_unit) unit_down();
}

}  // namespace flowrun::core
