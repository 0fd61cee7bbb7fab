// Why the model stages of a graph do not fit a device, and what would help.
#pragma once
#include "vram_plan.hpp"

namespace flowrun::core {

// Several lines: budget, pool, each stage that does not fit, proposals. `result` has budget, residents and pool.
std::string explain_refusal(const vram_budget& budget, const std::vector<vram_wish>& wishes, const vram_result& result);

}  // namespace flowrun::core
