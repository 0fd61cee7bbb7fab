// The rules for a device that idles, the most certain first: rows that do not come, memory that ran out, copies,
// batches that are not full, batches that are.
#include <algorithm>

#include "advise.hpp"

namespace flowrun::core {

namespace {

constexpr double aim = 0.8;          // of a GPU's time
constexpr double long_wait = 0.3;    // of the run's time without a batch
constexpr double full_batch = 0.75;  // of the planned rows

std::string mib(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

double mean_rows(const stage_report& s) {
  return static_cast<double>(s.rows) / static_cast<double>(s.batches);
}

// Of the stages with batches on a device the one that computed longest.
const stage_report* find_longest(const report& r) {
  const stage_report* longest = nullptr;
  for (const stage_report& s : r.stages)
    if (s.batches > 0 && s.shape != "device" && !s.device.empty() && s.device != "cpu" &&
        (!longest || s.session_seconds > longest->session_seconds))
      longest = &s;
  return longest;
}

// 0..1 of the run: no stage had a batch for the device.
double share_without_rows(const report& r, const device_report& d) {
  double share = 1 - d.busy;
  for (const stage_report& s : r.stages)
    if (s.device == d.name && s.shape != "device") share = std::min(share, s.rowless_seconds / r.seconds);
  return share;
}

std::string what_it_does(const stage_report& s) {
  if (s.shape == "source") return s.name + " (decode)";
  return s.name + (s.shape == "model" ? " (prepare and finish)" : " (" + s.use + ")");
}

// What would bring the rows sooner.
std::string hasten(const report& r, const stage_times& t) {
  const stage_report& from = *t.widest;
  if (t.waited > 0.4)
    return from.name + " waits " + percent_text(t.waited) +
           " of its time for something else than a core, such as a disk: try more threads (-j), or a faster disk";
  if (t.fullest == &from)
    return from.parallel == 1 ? from.name +
                                    " works on one item at a time, whatever the threads: try smaller pictures "
                                    "(--profile fast) or fewer frames (--every-nth)"
                              : from.name + " runs " + std::to_string(from.parallel) + " at a time: raise its '" +
                                    (from.shape == "source" ? "lanes" : "parallel") + "'";
  if (t.share > 0.85 && t.delayed > 0.3)
    return "other processes take the cores " + percent_text(t.delayed) + " of the time";
  if (t.share > 0.85 && r.cpu.cores >= r.threads + 1)
    return "try more threads (-j " + std::to_string(static_cast<int>(r.cpu.cores)) +
           "), a smaller picture size (--profile fast), or fewer frames (--every-nth)";
  if (t.share > 0.85)
    return "all " + std::to_string(r.threads) +
           " threads are busy: try a smaller picture size (--profile fast), fewer frames (--every-nth), or more cores";
  if (t.reads_withheld > 0)
    return "sources waited " + std::to_string(t.reads_withheld) + " times for run.ram (" + mib(r.ram) + "): raise it";
  if (r.peak_in_flight >= r.in_flight) return "in_flight (" + std::to_string(r.in_flight) + ") was reached: raise it";
  return "try more threads (-j), a smaller picture size (--profile fast), or fewer frames (--every-nth)";
}

// Of batches that are full: larger ones, where there is room.
std::string enlarge(const device_report& d, const stage_report& s) {
  if (d.pool == 0 || 2 * d.peak <= d.pool) return "try flowrun tune, or batch " + std::to_string(2 * s.batch);
  std::string text =
      "larger ones do not fit the " + mib(d.pool) + " for batches: try precision fp16 or a smaller model";
  if (d.others > d.total / 10) text += ", or end the other programs that hold " + mib(d.others) + " of the device";
  return text;
}

}  // namespace

std::string percent_text(double share) {
  return std::to_string(static_cast<int>(share * 100 + 0.5)) + " %";
}

double device_load(const device_report& d) {
  return !d.card.empty() && d.gpu_busy >= 0 ? d.gpu_busy : d.busy;
}

bool is_loaded(const device_report& d) {
  return d.card.empty() ? d.busy > 0.85 : device_load(d) >= aim;
}

std::string advise_on_device(const report& r, const stage_times& t) {
  const stage_report* s = find_longest(r);
  if (!s || !t.widest) return {};
  const auto d =
      std::find_if(r.devices.begin(), r.devices.end(), [s](const device_report& one) { return one.name == s->device; });
  if (d == r.devices.end() || is_loaded(*d)) return {};
  const std::string who = (d->card.empty()         ? "device " + d->name
                           : r.devices.size() == 1 ? std::string("GPU")
                                                   : "GPU " + d->name) +
                          " busy " + percent_text(device_load(*d));
  const double waiting = share_without_rows(r, *d);
  if (waiting >= long_wait)
    return who + ", waited for " + what_it_does(*t.widest) + " " + percent_text(waiting) +
           " of the time: " + hasten(r, t);
  if (s->out_of_memory > 0 && s->row_ceiling < s->batch)
    return who + ", and its memory ran out " + std::to_string(s->out_of_memory) + " times in " + s->name +
           ": try batch " + std::to_string(s->row_ceiling) + " instead of " + std::to_string(s->batch) +
           ", precision fp16, or a smaller model";
  const double copies = s->copy_in_seconds + s->copy_out_seconds;
  if (copies > 0.4 * s->session_seconds)
    return who + ", copies to and from it are " + percent_text(copies / s->session_seconds) + " of the time of " +
           s->name + ": try pin: true, or precision fp16";
  const std::string batches = who + " with batches of " +
                              std::to_string(static_cast<std::uint64_t>(mean_rows(*s) + 0.5)) + " of " +
                              std::to_string(s->batch) + " rows in " + s->name + ": ";
  if (mean_rows(*s) < full_batch * static_cast<double>(s->batch))
    return batches + "rows come too slowly from " + what_it_does(*t.widest) + "; " + hasten(r, t);
  return batches + enlarge(*d, *s);
}

}  // namespace flowrun::core
