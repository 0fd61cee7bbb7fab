// What a device does at a moment, as far as it tells.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace flowrun::core {

struct device_figures {
  std::uint64_t used = 0, others = 0;  // bytes: taken by all programs, and by others than this one
  std::optional<double> busy;          // 0..1, of a GPU as its driver tells
  std::string fault;                   // why something is missing; empty: nothing is
  bool lost = false;
};

}  // namespace flowrun::core
