// What the parts of the plain loops cost: CPU time, so that what waits for the processor is not counted.
#pragma once
#include <ctime>

namespace bare {

// Of this thread.
inline double thread_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

class part_clock {
 public:
  explicit part_clock(double& to) : to_(to), begin_(thread_seconds()) {}
  ~part_clock() { to_ += thread_seconds() - begin_; }
  part_clock(const part_clock&) = delete;
  part_clock& operator=(const part_clock&) = delete;

 private:
  double& to_;
  double begin_;
};

}  // namespace bare
