#include "simulated_memory.hpp"

namespace flowrun::core {

simulated_memory::simulated_memory(const device_spec& spec) : spec_(spec), others_(spec.others) {}

bool simulated_memory::allocate(std::uint64_t bytes) {
  std::uint64_t now = used_.load();
  do {
    if (now + others_.load() + bytes > spec_.memory) return false;
  } while (!used_.compare_exchange_weak(now, now + bytes));
  now += bytes;
  std::uint64_t seen = peak_.load();
  while (now > seen && !peak_.compare_exchange_weak(seen, now)) {}
  return true;
}

void simulated_memory::release(std::uint64_t bytes) {
  used_.fetch_sub(bytes);
}

bool simulated_memory::alive() {
  return spec_.die_after == 0 || calls_.fetch_add(1) < spec_.die_after;
}

bool simulated_memory::fits(std::size_t rows) const {
  return spec_.oom_above == 0 || rows <= spec_.oom_above;
}

std::uint64_t simulated_memory::free() const {
  std::uint64_t held = used_.load() + others_.load();
  return held < spec_.memory ? spec_.memory - held : 0;
}

}  // namespace flowrun::core
