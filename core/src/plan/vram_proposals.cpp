// The refusal is written for who runs the graph: which number comes from where, and which key changes it.
#include "vram_proposals.hpp"

#include "vram_slot.hpp"

namespace flowrun::core {

namespace {

using wish_list = std::vector<const vram_wish*>;

// In whole MiB; what is needed is rounded up and what there is down, so that no refusal looks like a fit.
std::string needed(std::uint64_t bytes) {
  return std::to_string((bytes >> 20) + ((bytes & 0xfffff) != 0));
}
std::string there(std::uint64_t bytes) {
  return std::to_string(bytes >> 20);
}

// "a", "a and b", "a, b and c"
std::string join(const std::vector<std::string>& texts) {
  std::string all;
  for (std::size_t i = 0; i < texts.size(); ++i)
    all += (i == 0 ? "" : i + 1 == texts.size() ? " and " : ", ") + texts[i];
  return all;
}

std::string names_of(const wish_list& wishes) {
  std::vector<std::string> names;
  for (const vram_wish* w : wishes) names.push_back(w->stage);
  return join(names);
}

std::string rows_text(std::size_t rows) {
  return std::to_string(rows) + (rows == 1 ? " row" : " rows");
}

std::string budget_line(const vram_budget& b, std::uint64_t budget) {
  const std::string has = there(budget) + " MiB = ";
  if (b.cap > 0 && budget == b.cap) return has + "what `vram` allows";
  if (b.total <= b.reserve)
    return has + "nothing: the reserve of " + needed(b.reserve) + " MiB is as much as the whole device, " +
           there(b.total) + " MiB";
  if (budget == b.total - b.reserve)
    return has + there(b.total) + " MiB of the device - " + needed(b.reserve) + " MiB reserve";
  return has + there(b.free) + " MiB that are free (of " + there(b.total) + " MiB) - " + needed(free_margin) +
         " MiB to spare";
}

std::string pool_line(const std::vector<vram_wish>& wishes, const vram_result& r) {
  std::string each;
  for (const vram_wish& w : wishes) each += (each.empty() ? "" : ", ") + w.stage + " " + needed(w.resident);
  const std::string weights = needed(r.residents) + " MiB of weights (" + each + ")";
  if (r.residents > r.budget) return "0 MiB: " + weights + " are more than the budget";
  return there(r.pool) + " MiB = budget - " + weights;
}

std::string stage_line(const vram_wish& w) {
  const std::size_t rows = least_batch(w);
  const std::string wished = rows < wished_batch(w) ? " (" + std::to_string(wished_batch(w)) + " wished)" : "";
  return w.stage + (w.batched ? ": a batch of " + rows_text(rows) + wished : std::string(": a call")) + " needs " +
         needed(slot_bytes(w, rows)) + " MiB of the pool" + (w.estimate ? ", by an estimate" : "");
}

wish_list unfit_stages(const wish_list& wishes, std::uint64_t pool) {
  wish_list unfit;
  for (const vram_wish* w : wishes)
    if (fitting_batch(*w, pool) == 0) unfit.push_back(w);
  return unfit;
}

// Takes the largest stage that does not fit out of `rest`, again and again, until the rest fits.
wish_list take_out(std::uint64_t budget, wish_list& rest) {
  const auto size = [](const vram_wish* w) { return add_bytes(w->resident, slot_bytes(*w, least_batch(*w))); };
  wish_list out;
  while (!rest.empty()) {
    std::uint64_t residents = 0;
    for (const vram_wish* w : rest) residents = add_bytes(residents, w->resident);
    wish_list unfit = unfit_stages(rest, pool_bytes(budget, residents));
    if (unfit.empty() && residents > budget) unfit = rest;
    if (unfit.empty()) break;
    const vram_wish* worst = *std::max_element(
        unfit.begin(), unfit.end(), [&](const vram_wish* a, const vram_wish* b) { return size(a) < size(b); });
    out.push_back(worst);
    rest.erase(std::find(rest.begin(), rest.end(), worst));
  }
  return out;
}

// Rows that the pool has room for, less than what was tried; 0: not one.
std::size_t rows_that_fit(const vram_wish& w, std::uint64_t pool) {
  if (w.per_row == 0 || pool < w.fixed) return 0;
  return static_cast<std::size_t>(std::min<std::uint64_t>((pool - w.fixed) / w.per_row, least_batch(w) - 1));
}

std::string precision_proposal(const wish_list& large) {
  std::string sets;
  for (const vram_wish* w : large)
    if (w->half_possible) sets += " --set " + w->stage + ".precision=fp16";
  return sets.empty() ? sets : "half precision:" + sets;
}

std::string size_proposal(const wish_list& large, std::uint64_t pool) {
  std::string sets;
  wish_list too_large;
  for (const vram_wish* w : large) {
    const std::size_t rows = rows_that_fit(*w, pool);
    if (rows > 0)
      sets += " --set " + w->stage + ".batch=" + std::to_string(rows);
    else
      too_large.push_back(w);
  }
  if (too_large.empty()) return "a smaller batch:" + sets;
  std::string models;
  for (const vram_wish* w : too_large) models += " --set " + w->stage + ".model=NAME";
  return (sets.empty() ? "" : "a smaller batch:" + sets + "; ") + "a model with a smaller input:" + models;
}

std::string leave_proposal(const wish_list& large, const wish_list& rest, std::uint64_t budget) {
  std::string text = "leave " + names_of(large) + " out of the graph";
  if (rest.empty()) return text;
  std::uint64_t residents = 0;
  for (const vram_wish* w : rest) residents = add_bytes(residents, w->resident);
  std::vector<std::string> batches;
  for (const vram_wish* w : rest)
    batches.push_back(
        w->stage + (w->batched ? " with a batch of " + std::to_string(fitting_batch(*w, pool_bytes(budget, residents)))
                               : std::string()));
  return text + ": then there is room for " + join(batches);
}

}  // namespace

std::string explain_refusal(const vram_budget& budget, const std::vector<vram_wish>& wishes,
                            const vram_result& result) {
  std::string text = "the model stages do not fit the memory of the device\n  budget " +
                     budget_line(budget, result.budget) + "\n  pool " + pool_line(wishes, result);
  wish_list rest;
  for (const vram_wish& w : wishes) rest.push_back(&w);
  const wish_list unfit = unfit_stages(rest, result.pool);
  for (const vram_wish* w : unfit) text += "\n  " + stage_line(*w);

  const wish_list large = take_out(result.budget, rest);
  text += "\nwhat can help:";
  const std::string precision = precision_proposal(large);
  if (!precision.empty()) text += "\n  " + precision;
  if (result.residents < result.budget) {  // smaller calls leave the weights as they are
    // The pool stays as it is, so smaller batches help where every stage that does not fit gets one.
    const bool can_shrink =
        std::all_of(unfit.begin(), unfit.end(), [&](const vram_wish* w) { return rows_that_fit(*w, result.pool) > 0; });
    text += "\n  " + size_proposal(can_shrink ? unfit : large, result.pool);
    text += "\n  --profile fast: smaller pictures, where the model takes pictures of any size";
  }
  return text + "\n  " + leave_proposal(large, rest, result.budget);
}

}  // namespace flowrun::core
