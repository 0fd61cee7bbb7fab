// A device stage: what needs no device is answered at once, the other items wait for a slot, and a lane then calls the
// stage's run(), which calls its networks. The slot's bytes are held for the whole call: tensors may stay on the device
// between its networks.
#include <array>

#include "../device/device_state.hpp"
#include "lane_calls.hpp"
#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

bool run_state::needs_lane(item* it, stage_state& s) {
  slot& mine = it->slots[static_cast<std::size_t>(s.index)];
  std::array<const void*, most_ports> in;
  std::array<payload, most_ports> known;
  int origin = s.index;
  const status answered = answer_early(it, s, in.data(), known.data(), mine.cache_key, origin);
  if (answered == status::none)
    mine.asked = std::chrono::steady_clock::now();
  else
    settle(it, s, answered, origin);
  return answered == status::none;
}

status run_state::call_on_lane(item* it, stage_state& s, const void* const* in, payload* out, std::string& reason) {
  device_stage& d = *s.device;
  const item_info info = describe(it);
  for (int attempt = 0;; ++attempt) {
    if (cancelled.load() || device_gone.load()) return status::cancelled;
    reason.clear();
    lane_calls calls(d);
    call_frame frame{in, out, &reason, &info, false, &calls};
    status answered = status::none;
    {
      const auto asked = std::chrono::steady_clock::now();
      const device_bytes share(d.setup.on.get(), d.setup.fixed);
      d.wait_ns.fetch_add(
          static_cast<std::uint64_t>(std::chrono::nanoseconds(std::chrono::steady_clock::now() - asked).count()),
          std::memory_order_relaxed);
      stage_call timer(*s.counters);
      answered = s.code->call(*s.code, s.object->get(), frame);
      timer.end();
    }
    SEAM();
    if (calls.outcome() == run_outcome::device_lost) {
      if (d.setup.on) d.setup.on->set_lost();
      stop(stop_kind::device_lost, "stage '" + s.spec->name + "': " + calls.fault());
      return status::cancelled;
    }
    if (frame.stop_run) {
      stop(stop_kind::run_error, "stage '" + s.spec->name + "', item '" + it->ref->key + "': " + reason);
      return status::cancelled;
    }
    if (answered != status::error) return answered;
    if (calls.outcome() == run_outcome::out_of_memory) {
      d.out_of_memory.fetch_add(1, std::memory_order_relaxed);
      for (const lane_network& n : d.setup.networks) n.session->trim();
      if (wait_for_memory(s)) {
        --attempt;
        continue;
      }
      reason = calls.fault();
      return status::error;
    }
    if (attempt >= s.spec->retries || cancelled.load()) return answered;
    s.counters->retries.fetch_add(1, std::memory_order_relaxed);
  }
}

void run_state::run_on_lane(item* it, stage_state& s, const std::function<void()>& give_slot) {
  device_stage& d = *s.device;
  slot& mine = it->slots[static_cast<std::size_t>(s.index)];
  int in_slots = d.in_slots.fetch_add(1) + 1;
  int peak = d.peak_slots.load();
  while (in_slots > peak && !d.peak_slots.compare_exchange_weak(peak, in_slots)) {}
  d.wait_ns.fetch_add(
      static_cast<std::uint64_t>(std::chrono::nanoseconds(std::chrono::steady_clock::now() - mine.asked).count()),
      std::memory_order_relaxed);
  std::array<const void*, most_ports> in;
  std::array<payload, most_ports> out;
  int origin = s.index;
  status answered = gather_inputs(it, s, in.data(), origin);  // only a cancel can have come in between
  if (answered == status::value) {
    answered = call_on_lane(it, s, in.data(), out.data(), mine.reason);
    remember(s, mine.cache_key, answered, out.data(), mine.reason);
    if (answered == status::value) keep_values(it, s, out.data());
  }
  d.in_slots.fetch_sub(1);
  SEAM();
  if (!planted(planted_bug::slot_lost)) give_slot();
  settle(it, s, answered, origin);
}

}  // namespace flowrun::core
