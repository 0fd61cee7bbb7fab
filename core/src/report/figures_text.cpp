#include "figures_text.hpp"

#include <cstdio>

namespace flowrun::core {

namespace {

using ull = unsigned long long;

template <class... A> std::string format(const char* pattern, A... values) {
  char text[512];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

double mib(std::uint64_t bytes) {
  return static_cast<double>(bytes) / 1048576.0;
}

// Of a device stage, whose networks are called one after the other.
std::string lane_text(const stage_report& s) {
  std::string t =
      format("%s: %llu calls of its networks, %.2f ms a call, %d of %d slots", s.name.c_str(), ull{s.batches},
             s.session_seconds * 1000 / static_cast<double>(s.batches), s.peak_slots, s.slots);
  if (s.out_of_memory > 0) t += format("; out of memory %llu times", ull{s.out_of_memory});
  return t + format("; waited %.2f s for a slot or memory\n", s.wait_seconds);
}

}  // namespace

std::string batches_text(const stage_report& s) {
  if (s.batches == 0) return {};
  if (s.shape == "device") return lane_text(s);
  std::string t =
      format("%s: %llu rows in %llu batches, %.1f of %llu rows each, %.2f ms a batch, %d of %d slots", s.name.c_str(),
             ull{s.rows}, ull{s.batches}, static_cast<double>(s.rows) / static_cast<double>(s.batches), ull{s.batch},
             s.session_seconds * 1000 / static_cast<double>(s.batches), s.peak_slots, s.slots);
  if (s.out_of_memory > 0)
    t += format("; out of memory %llu times, now at most %llu rows", ull{s.out_of_memory}, ull{s.row_ceiling});
  t += "\n";
  if (s.batch_eighths.empty()) return t;
  t += "  batches by eighths of " + std::to_string(s.batch) + " rows:";
  for (std::uint64_t n : s.batch_eighths) t += " " + std::to_string(n);
  t += format("; waited %.2f s for a slot or memory; %.2f s without rows\n", s.wait_seconds, s.rowless_seconds);
  if (s.copy_in_seconds + s.copy_out_seconds > 0)
    t += format("  copied %.2f s to the device and %.2f s back\n", s.copy_in_seconds, s.copy_out_seconds);
  if (s.reserved_bytes > 0)
    t += format("  its network held at most %.0f MiB of %s\n", mib(s.reserved_bytes),
                s.device == "cpu" ? "memory" : "the device");
  return t;
}

std::string device_text(const device_report& d) {
  std::string t = "device " + d.name;
  if (!d.card.empty()) t += " (" + d.card + ")";
  if (!d.card.empty() && d.gpu_busy >= 0)
    t += format(": GPU busy %.0f %%, batches ran %.0f %% of the time and", d.gpu_busy * 100, d.busy * 100);
  else
    t += format(": busy %.0f %% of the time, batches", d.busy * 100);
  t += format(" took %.0f of %.0f MiB%s\n", mib(d.peak), mib(d.pool),
              d.peak > d.pool ? "; weights that were given back made room for more" : "");
  if (d.samples > 0)
    t += format("  memory: %.0f MiB at the end, at most %.0f of %.0f; budget %.0f; others at most %.0f\n", mib(d.used),
                mib(d.peak_used), mib(d.total), mib(d.budget), mib(d.others));
  return t;
}

std::string cores_text(const cpu_report& c) {
  if (c.cores <= 0) return {};
  const bool whole = c.cores == static_cast<double>(static_cast<int>(c.cores));
  std::string t = whole ? format("cores: %d", static_cast<int>(c.cores)) : format("cores: a quota of %.1f", c.cores);
  t += format(", busy %.0f %% with this run, %.0f %% with others", c.own * 100, c.others * 100);
  if (c.throttled_seconds >= 0.01) t += format("; stopped by the quota for %.2f s", c.throttled_seconds);
  return t + "\n";
}

}  // namespace flowrun::core
