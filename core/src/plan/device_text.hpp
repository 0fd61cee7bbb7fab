// The device a user names: cpu, sim:16GiB, sim:16GiB,die_after=100.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace flowrun::core {

struct device_spec {
  std::string text = "cpu";  // as written
  std::string kind = "cpu";  // "cpu", "sim", "cuda"
  int index = 0;
  std::uint64_t memory = 0;  // bytes, of a sim device
  // Faults of a sim device; 0: none.
  std::uint64_t die_after = 0;  // calls; the next one finds the device lost
  std::size_t oom_above = 0;    // rows; a call with more runs out of memory, whatever the bytes say
  std::uint64_t others = 0;     // bytes other programs hold from the start
};

// Sets `fault` to one sentence that says what would be right.
std::optional<device_spec> read_device(const std::string& text, std::string& fault);

}  // namespace flowrun::core
