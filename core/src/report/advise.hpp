// What to try, in words: a device, or the cores with a network on them, that could do more than they did.
#pragma once
#include <cstdint>
#include <string>

#include <flowrun/report.hpp>

namespace flowrun::core {

// How the stages' threads spent their time; find_limit() has it from the report.
struct stage_times {
  double share = 0;                       // 0..1, of threads x seconds they were in a stage
  double waited = 0, delayed = 0;         // 0..1 of that: for something else than a core, for a core
  const stage_report* widest = nullptr;   // which took most
  const stage_report* fullest = nullptr;  // that may not run more at once, and always did
  std::uint64_t reads_withheld = 0;       // times run.ram kept a source waiting
};

// 0..1: of a GPU what its driver tells, else the share of the time in which batches ran.
double device_load(const device_report& d);
// Whether it does what it can: of a GPU 80 % are the aim, since a driver counts coarsely.
bool is_loaded(const device_report& d);

// Pure. Of the device that computed longest, if it could do more; empty: there is none.
std::string advise_on_device(const report& r, const stage_times& t);
// Pure. Behind "cores: ...": what would take less of them, or use more; empty: nothing can be said.
std::string advise_on_busy_cores(const report& r, const stage_times& t);
// Pure. A network on the CPU that leaves cores idle; empty: there is none.
std::string advise_on_idle_cores(const report& r);

std::string percent_text(double share);  // "31 %"

}  // namespace flowrun::core
