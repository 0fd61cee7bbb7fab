#include "vram_wishes.hpp"

#include <algorithm>

namespace flowrun::core::test {

vram_budget card(std::uint64_t total_mib) {
  vram_budget b;
  b.total = b.free = total_mib * mib;
  return b;
}

std::vector<vram_wish> workload(std::uint64_t card_mib, const std::vector<std::string>& without) {
  struct need {
    const char* stage;
    std::uint64_t resident, per_row;
  };
  const need needs[] = {
      {"categorize", 600, 60}, {"embed", 512, 48}, {"segment", 2458, 5734}, {"inpaint", 1536, 2048}, {"pose", 205, 64}};
  const auto batches = auto_batches(card_mib * mib);
  std::vector<vram_wish> wishes;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (std::find(without.begin(), without.end(), needs[i].stage) != without.end()) continue;
    vram_wish w;
    w.stage = needs[i].stage;
    w.resident = needs[i].resident * mib;
    w.per_row = needs[i].per_row * mib;
    w.batch = batches[i].batch;
    wishes.push_back(w);
  }
  return wishes;
}

vram_wish workload_stage(std::uint64_t card_mib, const std::string& name) {
  for (const vram_wish& w : workload(card_mib))
    if (w.stage == name) return w;
  return {};
}

std::string batches_text(const vram_result& result) {
  std::string text;
  for (const vram_share& s : result.shares) text += (text.empty() ? "" : "/") + std::to_string(s.batch);
  return result.fits ? text : result.problem;
}

}  // namespace flowrun::core::test
