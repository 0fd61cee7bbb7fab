// The rules for the cores: what takes them, and a network on the CPU that leaves some idle.
#include "advise.hpp"

namespace flowrun::core {

std::string advise_on_busy_cores(const report& r, const stage_times& t) {
  const int cores = static_cast<int>(r.cpu.cores);
  if (cores > r.threads && r.cpu.own + r.cpu.others < 0.8)
    return "; only " + std::to_string(r.threads) + " of " + std::to_string(cores) + " cores are used: try -j " +
           std::to_string(cores);
  if (!t.widest) return {};
  if (t.widest->shape == "source") return "; smaller pictures (--profile fast) or fewer frames (--every-nth) take less";
  if (t.widest->shape == "model" && t.widest->device == "cpu")
    return "; try flowrun tune, precision bf16 where the model has it, or a smaller model";
  return {};
}

std::string advise_on_idle_cores(const report& r) {
  const stage_report* longest = nullptr;
  for (const stage_report& s : r.stages)
    if (s.device == "cpu" && s.batches > 0 && s.shape != "device" &&
        (!longest || s.session_seconds > longest->session_seconds))
      longest = &s;
  if (!longest || r.seconds <= 0) return {};
  const stage_report& s = *longest;
  const double full = s.session_seconds / (r.seconds * s.slots);
  if (s.slots < r.threads && full > 0.85)
    return "cores busy " + percent_text(r.cpu_busy) + ": the network of " + s.name + " runs " +
           std::to_string(s.slots) + (s.slots == 1 ? " batch" : " batches") + " at a time and is busy " +
           percent_text(full) + " of it: try lanes " + std::to_string(r.threads) + ", or flowrun tune";
  const double rows = static_cast<double>(s.rows) / static_cast<double>(s.batches);
  if (r.cpu_busy < 0.5 && s.rowless_seconds < 0.3 * r.seconds && rows >= 0.75 * static_cast<double>(s.batch))
    return "cores busy " + percent_text(r.cpu_busy) + " with batches of " +
           std::to_string(static_cast<std::uint64_t>(rows + 0.5)) + " of " + std::to_string(s.batch) + " rows in " +
           s.name + ": try flowrun tune, or smaller batches, of which more are under way at once";
  return {};
}

}  // namespace flowrun::core
