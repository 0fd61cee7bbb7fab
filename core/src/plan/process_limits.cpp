#include "process_limits.hpp"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <thread>

namespace flowrun::core {

// oneTBB 2021.8 does not know cgroup quotas; both versions of cgroups are read here.
double cgroup_cores() {
  double quota = 0, period = 0;
  std::string word;
  if (std::ifstream v2("/sys/fs/cgroup/cpu.max"); v2 >> word >> period && word != "max")
    quota = std::atof(word.c_str());
  else if (std::ifstream q("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"); q >> quota)
    std::ifstream("/sys/fs/cgroup/cpu/cpu.cfs_period_us") >> period;
  return quota > 0 && period > 0 ? quota / period : 1e9;
}

int usable_cores() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  int cores = sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask)
                                                            : static_cast<int>(std::thread::hardware_concurrency());
  return std::max(1, std::min(cores, static_cast<int>(std::ceil(std::min(cgroup_cores(), 1e6)))));
}

static std::uint64_t read_number(const char* file) {
  std::uint64_t n = 0;
  std::ifstream(file) >> n;  // "max" reads as 0: no limit
  return n;
}

std::uint64_t available_memory() {
  std::uint64_t free = 1ull << 30;
  std::ifstream info("/proc/meminfo");
  for (std::string key, unit; info >> key;) {
    std::uint64_t kib = 0;
    info >> kib;
    std::getline(info, unit);
    if (key == "MemAvailable:") free = kib << 10;
  }
  for (auto [limit_file, used_file] :
       {std::pair{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
        std::pair{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"}}) {
    std::uint64_t limit = read_number(limit_file), used = read_number(used_file);
    if (limit > used) free = std::min(free, limit - used);
  }
  return free;
}

}  // namespace flowrun::core
