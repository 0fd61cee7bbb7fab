// One item while it is in flight: all that is known of it, in one pooled object that messages point to.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <flowrun/packet.hpp>

#include "batch.hpp"

namespace flowrun::core {

struct stream_state;
struct content_hash;

// A stage's answer for this item.
struct slot {
  std::atomic<status> answered{status::none};
  std::atomic<int> waiting{0};  // stages it reads from that have not answered yet
  int origin = -1;              // the stage whose `reason` explains a skip or an error
  std::string reason;
  std::uint64_t turn = 0;  // its place in the stage's order, where the stage keeps one
  bool after_gap = false;  // an item before it in that order was cancelled
  payload previous;        // of a window: the value of the item before it in its stream
  std::shared_ptr<content_hash> content, previous_content;  // of a window with a cache
  std::string cache_key;                                    // of a device stage with a cache
  std::chrono::steady_clock::time_point asked;              // of a device stage: it waits for a slot since then
};

// The value of one output port.
struct port_value {
  payload held;
  std::atomic<int> readers{0};  // inputs that have yet to read it, plus one if it is kept
};

enum class admission {
  fresh,     // run and commit
  replayed,  // already committed; run again only to bring serial stages to where they were
  context,   // already committed; run again only because a window needs it beside the next item
  already    // already committed: not admitted at all
};

// An item's ticket counts what of it is moving (low half: messages) and what waits (high half: parked holds).
// When both are zero the item is finished.
inline constexpr std::uint64_t parked_hold = std::uint64_t{1} << 32;
inline constexpr std::uint64_t moving_mask = parked_hold - 1;

struct item {
  std::atomic<std::uint64_t> ticket{0};

  int source = 0;  // stage index
  std::shared_ptr<stream_state> stream;
  std::shared_ptr<item_ref> ref;
  std::uint64_t seq = 0;      // as its source counts
  std::uint64_t ordinal = 0;  // among all that its stream lists, from 0
  admission mode = admission::fresh;
  std::int64_t known_id = 0;  // in the ledger, 0: new

  std::unique_ptr<slot[]> slots;         // by stage
  std::unique_ptr<port_value[]> values;  // by value index: all stages' outputs in a row
  std::unique_ptr<row_set[]> rows;       // by model stage

  std::atomic<std::int64_t> bytes{0}, peak_bytes{0};  // of its values
  std::int64_t reserved = 0;                          // of the RAM bound
  std::int64_t estimate = 0;                          // what the reservation was computed from
};

}  // namespace flowrun::core
