// The weights of all stages stay on the device; what they leave is one pool in which the slots take turns.
#include "vram_plan.hpp"

#include "vram_proposals.hpp"
#include "vram_slot.hpp"

namespace flowrun::core {

namespace {

// The batch that computes holds a whole slot. Where the buffers of the batch that waits behind it are known, every
// further slot takes only those of the pool, since one stream of a device computes one batch at a time; where they are
// not, it is charged like the first.
int count_slots(const vram_wish& w, std::size_t rows, std::uint64_t slot, std::uint64_t pool) {
  const std::uint64_t waiting = w.buffers_per_row > 0 ? times_bytes(rows, w.buffers_per_row) : slot;
  const auto lanes = static_cast<std::uint64_t>(std::max(w.lanes, 1));
  if (waiting == 0) return static_cast<int>(lanes);
  return static_cast<int>(std::min(lanes, 1 + (pool - slot) / waiting));
}

}  // namespace

std::uint64_t vram_budget::bytes() const {
  const std::uint64_t ours = total > reserve ? total - reserve : 0;
  const std::uint64_t now = free > free_margin ? free - free_margin : 0;
  const std::uint64_t most = std::min(ours, now);
  return cap > 0 ? std::min(most, cap) : most;
}

vram_result plan_vram(const vram_budget& budget, const std::vector<vram_wish>& wishes) {
  vram_result result;
  result.budget = budget.bytes();
  result.residents = sum_residents(wishes);
  result.pool = pool_bytes(result.budget, result.residents);
  result.fits = result.residents <= result.budget;
  for (const vram_wish& w : wishes) {
    vram_share share;
    share.batch = fitting_batch(w, result.pool);
    if (share.batch == 0) {
      result.fits = false;
      continue;
    }
    share.workspace = slot_bytes(w, share.batch);
    share.slots = count_slots(w, share.batch, share.workspace, result.pool);
    result.shares.push_back(share);
  }
  if (result.fits) return result;
  result.shares.clear();
  result.problem = explain_refusal(budget, wishes, result);
  return result;
}

}  // namespace flowrun::core
