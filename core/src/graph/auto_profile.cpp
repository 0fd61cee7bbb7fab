// Written as text and read like a file, so that there is one way in, and one that can be shown.
#include "auto_profile.hpp"

#include <stdexcept>

#include "../plan/auto_batches.hpp"
#include "../plan/vram_plan.hpp"

namespace flowrun::core {

std::string auto_profile_text(std::uint64_t total) {
  const bool gpu = total > 0, small = gpu && is_small_card(total);
  const std::string rest =
      std::string(", precision: ") + (gpu ? "fp16" : "auto") + ", pin: " + (gpu && !small ? "true" : "false") + "}\n";
  std::string text = "flowrun_profile: 1\nuses:\n";
  for (const auto_batch& b : auto_batches(total)) text += "  " + b.use + ": {batch: " + std::to_string(b.batch) + rest;
  if (gpu) text += std::string("sources: {lanes: ") + (small ? "2" : "4") + "}\n";
  return text;
}

profile auto_profile(std::uint64_t total) {
  std::vector<problem> problems;
  profile p = read_profile_text(auto_profile_text(total), "profile auto", problems);
  if (any_error(problems)) throw std::logic_error(to_text(problems.front()));
  p.built_in = true;
  return p;
}

}  // namespace flowrun::core
