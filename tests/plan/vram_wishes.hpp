// The five model stages of the workload with their needs, and the cards of its table.
#pragma once
#include <string>
#include <vector>

#include "plan/vram_plan.hpp"

namespace flowrun::core::test {

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

// All of it free, the default reserve.
vram_budget card(std::uint64_t total_mib);

// Batches as the profile `auto` sets them for the card; all stages but those named in `without`.
std::vector<vram_wish> workload(std::uint64_t card_mib, const std::vector<std::string>& without = {});

// One of them.
vram_wish workload_stage(std::uint64_t card_mib, const std::string& name);

// "128/64/1/4/32", or the problem.
std::string batches_text(const vram_result& result);

}  // namespace flowrun::core::test
