// What passes between the runtime and the code generated round a stage.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace flowrun {

// How a stage answered a packet. The order is the order of precedence where several inputs meet: the worst wins.
enum class status : std::uint8_t { none, value, skip, error, cancelled };

// Throw from any stage to answer this packet with a skip instead of a value. `reason` reaches the results.
struct skip : std::runtime_error {
  explicit skip(const std::string& reason) : std::runtime_error(reason) {}
};

// Throw from open() when what the user asked for is not there or not usable (a missing folder): exit code 64.
struct input_error : std::runtime_error {
  explicit input_error(const std::string& what) : std::runtime_error(what) {}
};

// Throw when going on makes no sense for the whole run (the disk is full, a root vanished): the run stops, resumable.
struct run_error : std::runtime_error {
  explicit run_error(const std::string& what) : std::runtime_error(what) {}
};

// A shared, immutable value and the memory it holds.
struct payload {
  std::shared_ptr<const void> value;
  std::size_t bytes = 0;
};

enum class log_level : std::uint8_t { debug, info, warning, error };

// What a stage may know of the run it is part of; given to `void open(const flowrun::stage_context&)`, if a stage has
// one.
struct stage_context {
  std::string stage;  // its name in the graph
  std::string out;    // the run directory: files are written below it
  std::function<bool()> stop_requested;
  std::function<void(log_level, std::string_view)> log;
};

// One item a source found, before anything of it is read. Sources derive from it to remember what load() needs.
struct item_ref {
  std::string key;            // unique in the source; any bytes, '/' between folders
  std::uint64_t size = 0;     // of the medium, bytes
  std::int64_t mtime_ns = 0;  // of the medium, since 1970; size and time together say whether it changed
  std::uint64_t bytes = 0;    // estimate of the loaded value, 0: unknown
  std::int64_t time_ns = 0;   // position in its stream
  std::uint64_t seq = 0;      // of a frame: its position in the medium, ascending; stills are counted by the runtime
  bool sequence = false;      // not an item but a medium of many: a reader gives its frames
};

}  // namespace flowrun
