// The profile `auto`: what the device's memory suggests.
#pragma once
#include <cstdint>

#include "profile.hpp"

namespace flowrun::core {

// Its text, as a profile file, for a device of `total` bytes; 0: a CPU.
std::string auto_profile_text(std::uint64_t total);

// The same, read; its `file` is "profile auto".
profile auto_profile(std::uint64_t total);

}  // namespace flowrun::core
