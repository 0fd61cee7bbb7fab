#include "find_limit.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "advise.hpp"

namespace flowrun::core {

static std::string percent(double share) {
  return percent_text(share);
}

// A cgroup stops a process for the rest of a period when its threads have used up the quota.
static std::string explain_quota(const report& r) {
  const int threads = std::max(1, static_cast<int>(std::ceil(r.cpu.cores)));
  std::string text = std::to_string(r.cpu.cores);
  text.resize(text.find('.') + 2);
  return "cores: a cgroup's quota of " + text + " cores stopped the process in " +
         percent(std::min(1.0, r.cpu.throttled_seconds / r.seconds)) + " of the time: " +
         (threads < r.threads ? "try -j " + std::to_string(threads) + ", or a higher quota"
                              : "it takes a higher quota");
}

void find_limit(report& r, process_time spent, std::uint64_t reads_withheld) {
  // Shorter runs are start and end more than anything in between.
  if (r.stages.empty() || r.seconds < 0.05) return;
  double all = r.seconds * r.threads, busy = 0;
  const stage_report* widest = &r.stages[0];
  const stage_report* fullest = nullptr;
  for (const stage_report& s : r.stages) {
    busy += s.busy_seconds;
    if (s.busy_seconds > widest->busy_seconds) widest = &s;
    if (s.parallel < r.threads && s.busy_seconds > 0.85 * r.seconds * s.parallel) fullest = &s;
  }
  r.cpu_busy = std::min(1.0, busy / all);
  // Of the stages' time: what was neither work nor a wait for a core was a wait for something else.
  double delayed = busy > 0 ? std::clamp(spent.delayed / busy, 0.0, 1.0) : 0;
  double waited = busy > 0 ? std::clamp(1 - spent.worked / busy - delayed, 0.0, 1.0) : 0;
  std::string most =
      widest->name + " (" + percent(busy > 0 ? widest->busy_seconds / busy : 0) + " of the stages' time)";
  const device_report* device = nullptr;
  for (const device_report& d : r.devices)
    if (is_loaded(d) && (!device || device_load(d) > device_load(*device))) device = &d;
  const stage_report* longest = nullptr;  // of the stages on a device
  for (const stage_report& s : r.stages)
    if (s.batches > 0 && (!longest || s.session_seconds > longest->session_seconds)) longest = &s;
  const stage_times times{busy / all, waited, delayed, widest, fullest, reads_withheld};
  const std::string advice = advise_on_device(r, times);
  const std::string idle_cores = advise_on_idle_cores(r);
  if (device && longest)
    r.limit =
        "device " + device->name + ": busy " + percent(device_load(*device)) + " of the time, most of it in " +
        longest->name +
        (longest->shape == "device"
             ? " (" + std::to_string(longest->batches) + " calls of its networks)"
             : " (batches of " + std::to_string((longest->rows + longest->batches / 2) / longest->batches) + " rows)");
  else if (!advice.empty())
    r.limit = advice;
  else if (r.cpu.throttled_seconds > 0.1 * r.seconds)
    r.limit = explain_quota(r);
  else if (busy > 0.85 * all && waited > 0.4)
    r.limit = "waiting: stages wait " + percent(waited) +
              " of their time for something else than a core, such as a disk; most of it in " + most +
              "; with more threads (-j) more of them wait at once";
  else if (busy > 0.85 * all && delayed > 0.3)
    r.limit = "cores, taken by other processes " + percent(delayed) + " of the time; most of ours in " + most;
  else if (busy > 0.85 * all)
    r.limit = "cores: " + std::to_string(r.threads) + " threads busy " + percent(r.cpu_busy) + ", most of it in " +
              most + advise_on_busy_cores(r, times);
  else if (fullest)
    r.limit = "stage " + fullest->name + ": it runs " + std::to_string(fullest->parallel) + " at a time and is busy " +
              percent(fullest->busy_seconds / (r.seconds * fullest->parallel)) +
              (fullest->parallel == 1 ? "; a serial or ordered stage cannot use more cores" : "; raise its 'parallel'");
  else if (!idle_cores.empty())
    r.limit = idle_cores;
  else if (reads_withheld > 0)
    r.limit = "memory: sources waited " + std::to_string(reads_withheld) + " times for run.ram (" +
              std::to_string(r.ram >> 20) + " MiB); raise it";
  else
    r.limit =
        "threads idle " + percent(1 - r.cpu_busy) + " of the time" +
        (r.peak_in_flight >= r.in_flight ? "; in_flight (" + std::to_string(r.in_flight) + ") was reached: raise it"
                                         : "; the sources list items slower than stages take them");
}

}  // namespace flowrun::core
