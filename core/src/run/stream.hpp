// What items follow each other in: a source's set of stills, or one medium of many frames.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "item.hpp"
#include "stage_object.hpp"
#include "turnstile.hpp"

namespace flowrun::core {

inline constexpr std::size_t most_ports = 16;  // inputs of a stage, and outputs

struct admission_decision {
  admission mode = admission::fresh;
  std::int64_t known_id = 0;
  bool failed = false;  // as it was recorded
};

// A frame that was read and is no item yet.
struct loaded_frame {
  std::shared_ptr<item_ref> ref;
  admission_decision decision;
  std::uint64_t ordinal = 0;
  status answered = status::none;
  std::string reason;
  std::array<payload, most_ports> out;
};

// A medium that is read frame by frame, by one thread at a time.
struct sequence {
  std::shared_ptr<item_ref> medium;
  std::shared_ptr<void> reader;  // null: not opened yet
  bool reading = false;          // a place reads from it; run_state::places_mutex
  bool broken = false;           // reading threw: what comes after is not known
  bool over = false;             // no more frames; touched by whoever reads, then by the last item
  std::uint64_t next_seq = 0;    // after the last one that was read
  std::uint64_t frames = 0;      // seen so far
  // For windows: the last frame that an earlier run finished, and the first one after it, which has to wait for it.
  std::optional<loaded_frame> passed, next;
};

struct stream_state {
  struct part {
    turnstile order;
    std::unique_ptr<stage_object> object;  // of a serial stage
    payload previous;                      // of a window
    std::shared_ptr<content_hash> previous_content;
  };
  int source = 0;
  std::uint64_t number = 0;                  // of the run's streams; sessions know it by this
  std::string name;                          // path of the medium; empty: the set
  std::uint64_t next_seq = 0;                // of a set
  std::vector<std::unique_ptr<part>> parts;  // by stage, null where the stage keeps nothing by stream
  std::unique_ptr<sequence> frames;          // null: a set
  std::atomic<int> open{1};                  // of a sequence: its items in flight, plus one until it is read to its end
  std::atomic<bool> unfinished{false};       // an item was cancelled, or the end was not reached
  std::atomic<bool> cut{false};              // a limit of items ended it: there may be more frames
};

}  // namespace flowrun::core
