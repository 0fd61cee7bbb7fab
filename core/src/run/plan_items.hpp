// From a checked graph to what the bodies need: value indices, successors, and what items of each source meet.
#pragma once
#include "run_state.hpp"

namespace flowrun::core {

// Fills stages, value_stage, sources and plans of `run`. Makes no object.
void plan_items(run_state& run, const std::vector<const stage_info*>& code);

}  // namespace flowrun::core
