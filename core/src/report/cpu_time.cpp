#include "cpu_time.hpp"

#include <sys/resource.h>

#include <filesystem>
#include <fstream>

namespace flowrun::core {

process_time measure_process_time() {
  process_time t;
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  auto seconds = [](const timeval& v) { return static_cast<double>(v.tv_sec) + static_cast<double>(v.tv_usec) * 1e-6; };
  t.worked = seconds(u.ru_utime) + seconds(u.ru_stime);
  std::error_code error;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
    double ran_ns = 0, delayed_ns = 0;
    std::ifstream(thread.path() / "schedstat") >> ran_ns >> delayed_ns;
    t.delayed += delayed_ns * 1e-9;
  }
  return t;
}

}  // namespace flowrun::core
