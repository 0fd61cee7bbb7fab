// What was computed on the cores this process may use, by it and by others, as the kernel counts it.
#pragma once
#include <filesystem>
#include <vector>

#include <flowrun/report.hpp>

namespace flowrun::core {

// Seconds so far; only differences of two readings mean something.
struct core_reading {
  double at = 0;         // a steady clock
  double cores = 0;      // how many there are: the affinity mask's, or a cgroup's quota, which may be a fraction
  double ours = 0;       // CPU time of this process
  double taken = 0;      // CPU time on these cores, of all processes; with a quota, of those of the cgroup
  double throttled = 0;  // for so long the quota stopped this process's cgroup
  bool known = false;    // whether `taken` could be read
};

// Where the kernel tells it; tests have folders of their own.
struct core_sources {
  std::filesystem::path proc = "/proc", cgroup = "/sys/fs/cgroup";
  std::vector<int> cores;  // empty: the affinity mask
  double quota = 0;        // cores a cgroup allows; 0: as many as there are
};

core_sources find_core_sources();
core_reading read_cores(const core_sources& from);

// Between two readings, shares of the cores' time.
cpu_report share_cores(const core_reading& before, const core_reading& after);

}  // namespace flowrun::core
