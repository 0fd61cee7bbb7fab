// The summary on the terminal.
#include <algorithm>
#include <cstdio>

#include <flowrun/report.hpp>

#include "figures_text.hpp"

namespace flowrun {

template <class... A> static std::string format(const char* pattern, A... values) {
  char text[512];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

// Control characters and foreign bytes of keys and reasons do not reach the terminal.
static std::string printable(const std::string& s) {
  std::string t;
  for (char c : s)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      t += format("%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      t += c;
  return t;
}

std::string to_text(const report& r) {
  using ull = unsigned long long;
  std::string t;
  if (r.read > 0 || r.already > 0)
    t += format("read %llu = done %llu + skipped %llu + failed %llu + cancelled %llu", ull{r.read}, ull{r.done},
                ull{r.skipped}, ull{r.failed}, ull{r.cancelled});
  if (r.read > 0)
    t += format("   %.2f s, %.1f items/s\n", r.seconds, r.items_per_second);
  else if (r.already > 0)
    t += "\n";
  if (r.already > 0 || r.replayed > 0 || r.context > 0 || r.missing > 0) {
    t += "apart:";
    if (r.already > 0) t += format(" %llu finished already", ull{r.already});
    if (r.already_failed > 0)
      t += format(" (%llu of them failed: --retry-failed runs them again)", ull{r.already_failed});
    if (r.replayed > 0) t += format("%s %llu replayed for a serial stage", r.already > 0 ? "," : "", ull{r.replayed});
    if (r.context > 0)
      t += format("%s %llu read again beside the next one for a window", r.already + r.replayed > 0 ? "," : "",
                  ull{r.context});
    if (r.missing > 0)
      t += format("%s %llu no longer there", r.already + r.replayed + r.context > 0 ? "," : "", ull{r.missing});
    t += "\n";
  }
  if (r.read == 0 && r.already > 0 && r.exit_code == 0)
    t += "nothing to do: every item is finished under this graph\n";
  else if (r.read + r.already + r.replayed == 0 && r.exit_code == 0 && !r.stages.empty())
    t += "warning: the sources found no item\n";
  if (r.read > 0) {
    std::size_t width = 5;
    for (const stage_report& s : r.stages) width = std::max(width, s.name.size());
    t += format("%-*s %9s %9s %9s %9s %9s  %s\n", static_cast<int>(width), "stage", "values", "skips", "errors",
                "ms/call", "busy s", "at once");
    for (const stage_report& s : r.stages)
      t += format("%-*s %9llu %9llu %9llu %9.3f %9.2f  %d of %d\n", static_cast<int>(width), s.name.c_str(),
                  ull{s.values}, ull{s.skips}, ull{s.errors},
                  s.calls ? s.busy_seconds * 1000 / static_cast<double>(s.calls) : 0.0, s.busy_seconds, s.peak_parallel,
                  s.parallel);
    for (const stage_report& s : r.stages)
      if (s.cached > 0)
        t += format("%s: %llu of %llu answers from the cache\n", s.name.c_str(), ull{s.cached},
                    ull{s.values + s.skips + s.errors});
    for (const stage_report& s : r.stages) t += core::batches_text(s);
    for (const device_report& d : r.devices) t += core::device_text(d);
    t += core::cores_text(r.cpu);
    t += format("in flight %d of %d, values in memory %.1f of %.0f MiB\n", r.peak_in_flight, r.in_flight,
                static_cast<double>(r.peak_ram) / 1048576.0, static_cast<double>(r.ram) / 1048576.0);
  }
  if (!r.limit.empty()) t += "limit: " + r.limit + "\n";
  for (const failed_item_report& f : r.first_failures)
    t += "failed: " + printable(f.item) + ": " + f.stage + ": " + printable(f.reason) + "\n";
  if (r.failed > r.first_failures.size() && !r.first_failures.empty())
    t += format("... and %llu more: flowrun errors %s\n", ull{r.failed - r.first_failures.size()},
                r.run_directory.c_str());
  for (const std::string& n : r.notes) t += printable(n) + "\n";
  return t;
}

}  // namespace flowrun
