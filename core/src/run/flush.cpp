// When a batch goes that is not full. Exact: only when nothing else in the run can move. Early: when all rows that can
// come have come and half a batch is there; that keeps a device busy beside one slow item elsewhere.
#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

void run_state::send_batch(stage_state& s, batch* b) {
  unit_up();
  s.model->sent(b);
  SEAM();
  s.model->send_in_turn(b);
}

bool run_state::flush_fullest() {
  stage_state* fullest = nullptr;
  double most = 0;
  for (int i : models) {
    stage_state& s = stages[static_cast<std::size_t>(i)];
    double full = s.model->fullness();
    if (full <= most) continue;
    most = full;
    fullest = &s;
  }
  if (!fullest) return false;
  batch* b = fullest->model->close();
  if (!b) return false;  // a row that nobody will commit: told as a stall
  send_batch(*fullest, b);
  return true;
}

void run_state::check_batches() {
  if (models.empty() || (free_places.load() > 0 && !ended.load() && !draining.load())) return;
  for (int i : models) {
    stage_state& s = stages[static_cast<std::size_t>(i)];
    while (batch* b = s.model->close_if_half(options.in_flight)) send_batch(s, b);
  }
}

}  // namespace flowrun::core
