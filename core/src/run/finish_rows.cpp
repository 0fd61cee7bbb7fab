// The second half of a model stage: all rows of an item are back, and it answers.
#include <array>

#include "run_state.hpp"

namespace flowrun::core {

status run_state::call_finish(item* it, stage_state& s, row_set& rows, payload* out, std::string& reason) {
  std::array<const void*, most_ports> in;
  int origin = s.index;
  status inputs = gather_inputs(it, s, in.data(), origin);
  if (inputs != status::value) return inputs;  // only a cancel can have come in between
  result_rows results(*s.model->setup.file, rows.back);
  const item_info info = describe(it);
  for (int attempt = 0;; ++attempt) {
    reason.clear();
    finish_frame frame{in.data(), out, &info, &results, rows.notes.get(), &reason, false};
    stage_call timer(*s.finish_counters);
    status answered = s.code->call_finish(*s.code, s.object->get(), frame);
    timer.end();
    if (frame.stop_run) {
      stop(stop_kind::run_error, "stage '" + s.spec->name + "', item '" + it->ref->key + "': " + reason);
      return status::cancelled;
    }
    if (answered != status::error || attempt >= s.spec->retries || cancelled.load()) return answered;
    s.counters->retries.fetch_add(1, std::memory_order_relaxed);
  }
}

void run_state::finish_rows(item* it, stage_state& s) {
  slot& mine = it->slots[static_cast<std::size_t>(s.index)];
  if (mine.answered.load(std::memory_order_acquire) != status::none) return;  // prepare answered
  row_set& rows = it->rows[static_cast<std::size_t>(s.model_index)];
  std::array<payload, most_ports> out;
  status answered = status::value;
  if (rows.cancelled.load())
    answered = status::cancelled;
  else if (!rows.fault.empty()) {
    answered = status::error;
    mine.reason = rows.fault;
  } else {
    answered = call_finish(it, s, rows, out.data(), mine.reason);
    remember(s, rows.cache_key, answered, out.data(), mine.reason);
  }
  rows.back.clear();
  rows.notes.reset();
  count_bytes(it, -rows.bytes);
  rows.bytes = 0;
  if (answered == status::value) keep_values(it, s, out.data());
  settle(it, s, answered, s.index);
}

}  // namespace flowrun::core
