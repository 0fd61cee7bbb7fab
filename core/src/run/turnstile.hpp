// Lets the items of a serial or ordered stage through one at a time, by turn. Items that come early wait parked.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>

#include "item.hpp"

namespace flowrun::core {

struct turnstile {
  std::uint64_t admitted = 0;  // turns given out; admission only
  std::mutex mutex;
  std::uint64_t next = 0;
  bool busy = false;
  bool gap = false;  // an item was cancelled here, as the run stops: those after it wait for the next run
  std::map<std::uint64_t, item*> waiting;
};

}  // namespace flowrun::core
