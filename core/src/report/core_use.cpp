#include "core_use.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>

#include "../plan/process_limits.hpp"

namespace flowrun::core {

namespace {

double tick_seconds() {
  const long ticks = ::sysconf(_SC_CLK_TCK);
  return 1.0 / static_cast<double>(ticks > 0 ? ticks : 100);
}

std::vector<int> allowed_cores() {
  std::vector<int> cores;
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return cores;
  for (int i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, &mask)) cores.push_back(i);
  return cores;
}

// /proc/self/stat: the program's name, the second field, may hold anything, so what follows its last bracket counts.
double read_ours(const std::filesystem::path& proc) {
  std::ifstream in(proc / "self" / "stat");
  std::string line;
  std::getline(in, line);
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream rest(line.substr(name_end + 1));
  std::string word;
  for (int i = 0; i < 11; ++i) rest >> word;  // state to cmajflt
  double user = 0, system = 0;
  rest >> user >> system;
  return (user + system) * tick_seconds();
}

// cpuN user nice system idle iowait irq softirq steal; guests are counted in user. What another machine stole of a
// virtual core is taken too.
bool read_taken(const core_sources& from, double& taken) {
  std::ifstream in(from.proc / "stat");
  std::size_t found = 0;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    if (name.rfind("cpu", 0) != 0 || name.size() < 4) continue;
    const int number = std::atoi(name.c_str() + 3);
    if (std::find(from.cores.begin(), from.cores.end(), number) == from.cores.end()) continue;
    double all = 0, idle = 0;
    for (int i = 0; i < 8; ++i) {
      double ticks = 0;
      words >> ticks;
      all += ticks;
      if (i == 3 || i == 4) idle += ticks;
    }
    taken += (all - idle) * tick_seconds();
    ++found;
  }
  return found > 0 && found == from.cores.size();
}

// Of cgroups' second version; what the first tells is left alone.
bool read_cgroup(const std::filesystem::path& cgroup, core_reading& r) {
  std::ifstream in(cgroup / "cpu.stat");
  bool found = false;
  double microseconds = 0;
  for (std::string name; in >> name >> microseconds;) {
    if (name == "usage_usec") {
      r.taken = microseconds * 1e-6;
      found = true;
    } else if (name == "throttled_usec") {
      r.throttled = microseconds * 1e-6;
    }
  }
  return found;
}

}  // namespace

core_sources find_core_sources() {
  core_sources s;
  s.cores = allowed_cores();
  const double quota = cgroup_cores();
  if (quota < static_cast<double>(s.cores.size())) s.quota = quota;
  return s;
}

core_reading read_cores(const core_sources& from) {
  core_reading r;
  r.at = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  r.cores = from.quota > 0 ? from.quota : static_cast<double>(from.cores.size());
  r.ours = read_ours(from.proc);
  r.known = from.quota > 0 ? read_cgroup(from.cgroup, r) : read_taken(from, r.taken);
  return r;
}

cpu_report share_cores(const core_reading& before, const core_reading& after) {
  cpu_report c;
  c.cores = after.cores;
  const double all = (after.at - before.at) * after.cores;
  if (all <= 0) return c;
  const double ours = after.ours - before.ours;
  c.own = std::clamp(ours / all, 0.0, 1.0);
  if (before.known && after.known) c.others = std::clamp((after.taken - before.taken - ours) / all, 0.0, 1.0 - c.own);
  c.throttled_seconds = std::max(0.0, after.throttled - before.throttled);
  return c;
}

}  // namespace flowrun::core
