// The most memory this process had at once.
#pragma once
#include <cstdint>

namespace flowrun::core {

// From now on; false: the kernel does not allow it.
bool restart_peak_memory();
std::uint64_t peak_memory();  // bytes; 0: not known

}  // namespace flowrun::core
