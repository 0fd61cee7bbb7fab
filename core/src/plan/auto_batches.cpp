// The workload's table of batches, by the memory of the device.
#include "auto_batches.hpp"

#include "vram_plan.hpp"

namespace flowrun::core {

std::vector<auto_batch> auto_batches(std::uint64_t total) {
  constexpr std::uint64_t rows_per_gigabyte = 8;  // of categorize.image: 128 on a 16 GB card
  if (total == 0)
    return {{"categorize.image", 16},
            {"faces.embed", 16},
            {"segment.masks", 1},
            {"inpaint.fill", 1},
            {"pose.estimate", 16}};
  const bool small = is_small_card(total);
  return {{"categorize.image", static_cast<std::size_t>(rows_per_gigabyte * whole_gigabytes(total))},
          {"faces.embed", small ? std::size_t{32} : std::size_t{64}},
          {"segment.masks", 1},
          {"inpaint.fill", small ? std::size_t{2} : std::size_t{4}},
          {"pose.estimate", small ? std::size_t{16} : std::size_t{32}}};
}

}  // namespace flowrun::core
