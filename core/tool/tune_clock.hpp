// The time a tuning may take.
#pragma once
#include <algorithm>
#include <chrono>

namespace tool {

class tune_clock {
 public:
  explicit tune_clock(double seconds) : budget_(seconds) {}

  double budget() const { return budget_; }
  // What a step should take.
  double step() const { return std::clamp(budget_ / 25, 0.3, 5.0); }
  // What it may take before it is stopped, and drains.
  double longest_step() const { return 4 * step(); }
  bool over() const { return elapsed() >= budget_; }
  // Whether another step leaves time to compare whole runs, two of each.
  bool has_time_for_search() const { return elapsed() + 5 * last_ <= budget_; }
  // The first finds files cold.
  void note_step(double seconds) { last_ = steps_++ > 0 ? seconds : 0; }
  double elapsed() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  double budget_, last_ = 0;
  int steps_ = 0;
};

}  // namespace tool
