// Windows: items of a stream pass one at a time, by turn, and each takes along the value of the one before it; the
// pairs then run in parallel. What is kept is the value, never the item: an item that waited for the next one would
// hold a place.
#include <utility>

#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

// An item without a value passes and does not become the previous one.
void run_state::pair(item* it, stage_state& s) {
  auto at = static_cast<std::size_t>(s.index);
  auto v = static_cast<std::size_t>(plans[static_cast<std::size_t>(it->source)].input_values[at].at(0));
  const slot& from = it->slots[static_cast<std::size_t>(value_stage[v])];
  if (!it->stream->frames) return;
  if (from.answered.load(std::memory_order_acquire) != status::value) {
    if (planted(planted_bug::skips_become_previous)) it->stream->parts[at]->previous = {};
    return;
  }
  const payload& mine = it->values[v].held;
  live_bytes.fetch_add(static_cast<std::int64_t>(mine.bytes), std::memory_order_relaxed);
  slot& x = it->slots[at];
  stream_state::part& part = *it->stream->parts[at];
  x.previous = std::exchange(part.previous, mine);
  if (!s.cache) return;
  x.content = std::make_shared<content_hash>();
  x.previous_content = std::exchange(part.previous_content, x.content);
}

status run_state::open_window(item* it, stage_state& s, const void** in) {
  slot& mine = it->slots[static_cast<std::size_t>(s.index)];
  if (!it->stream->frames) {
    mine.reason = "not a sequence";
    return status::skip;
  }
  if (!mine.previous.value) {
    mine.reason = "first of its stream";
    return status::skip;
  }
  in[1] = in[0];
  in[0] = mine.previous.value.get();
  return status::value;
}

void run_state::close_window(slot& of_item) {
  live_bytes.fetch_sub(static_cast<std::int64_t>(of_item.previous.bytes), std::memory_order_relaxed);
  of_item.previous = {};
  of_item.content = of_item.previous_content = nullptr;
}

}  // namespace flowrun::core
