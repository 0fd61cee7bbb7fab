// How the profile `auto` sees a device: by its whole gigabytes.
#pragma once
#include <cstdint>

namespace flowrun::core {

// Real cards have a few MiB less than their name says, so MiB / 1024 is rounded: 8188 MiB are 8. At least 1.
inline std::uint64_t whole_gigabytes(std::uint64_t total) {
  const std::uint64_t mib = total >> 20, gb = (mib + 512) / 1024;
  return gb > 0 ? gb : 1;
}

// Below 12 the column of the 8 GB card counts, from there on that of the 16 GB card.
inline bool is_small_card(std::uint64_t total) {
  return whole_gigabytes(total) < 12;
}

}  // namespace flowrun::core
