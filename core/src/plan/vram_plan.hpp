// How many rows and how many slots every model stage gets of a device's memory. Pure: bytes in, numbers out.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace flowrun::core {

struct vram_budget {
  std::uint64_t total = 0, free = 0;               // bytes of the device at the start
  std::uint64_t reserve = std::uint64_t{2} << 30;  // left to others
  std::uint64_t cap = 0;                           // `vram:`, 0: none
  // min(total - reserve, free - 256 MiB, cap); 0 where that would be negative.
  std::uint64_t bytes() const;
};

struct vram_wish {
  std::string stage;
  std::uint64_t resident = 0, per_row = 0, fixed = 0;  // bytes; a slot of n rows takes fixed + n * per_row
  std::uint64_t buffers_per_row = 0;  // in and out buffers of the batch that waits on the device: 2 x input bytes
  std::size_t batch = 1;              // wished
  int lanes = 2;
  bool estimate = false;       // needs are not measured; told in messages
  bool half_possible = false;  // a precision below fp32 is still open
  bool batched = true;         // false: a device stage, whose slots are calls of the stage, with a batch of 1
};

struct vram_share {
  std::size_t batch = 0;
  int slots = 0;
  std::uint64_t workspace = 0;  // bytes of one slot
};

struct vram_result {
  bool fits = false;
  std::vector<vram_share> shares;                     // one per wish, when it fits
  std::uint64_t budget = 0, residents = 0, pool = 0;  // bytes; pool = budget - residents
  std::string problem;                                // when it does not: stages, bytes and proposals, several lines
};

vram_result plan_vram(const vram_budget& budget, const std::vector<vram_wish>& wishes);

// The batches of the profile `auto` for a device of `total` bytes (0: a CPU): gb = round(MiB / 1024).
struct auto_batch {
  std::string use;  // "categorize.image"
  std::size_t batch;
};
std::vector<auto_batch> auto_batches(std::uint64_t total);

}  // namespace flowrun::core
