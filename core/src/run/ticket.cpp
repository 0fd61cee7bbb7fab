// The arithmetic of tickets and of `moving`. The order of steps is the protocol: count up before sending, down last.
#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

void run_state::drop(item* it) {
  SEAM();
  std::uint64_t before = it->ticket.fetch_sub(1, std::memory_order_acq_rel);
  if ((before & moving_mask) != 1) return;
  SEAM();
  if ((before >> 32) == 0)
    finish(it);
  else
    unit_down();  // fully parked: whoever unparks it takes a new unit
}

void run_state::fan_out(item* it, int n) {
  if (n > 1)
    it->ticket.fetch_add(static_cast<std::uint64_t>(n - 1), std::memory_order_relaxed);
  else if (n == 0)
    drop(it);
}

void run_state::hold(item* it) {
  it->ticket.fetch_add(parked_hold);
}

void run_state::unpark(item* it) {
  std::uint64_t before = it->ticket.fetch_add(1 - parked_hold);
  SEAM();
  if ((before & moving_mask) == 0) unit_up();
}

void run_state::unit_down() {
  if (moving.fetch_sub(1) != 1) return;
  // Nothing can move any more, and this thread is alone: what waits is rows in open batches.
  if (flush_fullest()) return;
  // Items still in flight are then lost for ever: a bug, told at once, without a timer. A host's wake() may have come
  // meanwhile; it raises the count under this lock.
  bool stalled = false;
  {
    std::lock_guard lock(places_mutex);
    stalled = moving.load() == 0 && live.load() != 0;
  }
  if (stalled) stop(stop_kind::internal_error, "nothing can move and items are in flight\n" + state_table());
}

void run_state::place() {
  unit_up();
  free_places.fetch_add(1);
  SEAM();
  send_place();
}

}  // namespace flowrun::core
