// What a stage may know of the item it works on: any stage function may take `const flowrun::item_info&` as its last
// argument; it is not an input.
#pragma once
#include <cstdint>
#include <string_view>

namespace flowrun {

struct item_info {
  std::string_view key;      // unique in its source; any bytes, '/' between folders
  std::string_view source;   // name of the source stage in the graph
  std::string_view stream;   // path of the medium in its source; empty for stills
  std::uint64_t seq = 0;     // position in the stream as the source counts
  std::int64_t time_ns = 0;  // position in time in the stream
};

}  // namespace flowrun
