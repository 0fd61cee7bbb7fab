// What is faster for one stage must not make the whole graph slower: whole runs have the last word. Pure, as the
// search.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "tune_step.hpp"

namespace tool {

// Seconds of a run of the graph with these settings, by `use`; none: there is no time left.
using whole_run = std::function<std::optional<double>(const std::vector<tune_point>&)>;

struct confirmation {
  std::vector<tune_point> points;  // what to keep
  double before = 0, after = 0;    // seconds with the settings from the start and with `points`; 0: not compared
  int taken_back = 0;              // how often, because the graph was slower
  bool sure = true;                // false: there was no time to compare them
};

// Takes larger batches back by half, and in the end everything, until the graph is no slower than it was.
confirmation confirm(const std::vector<tune_point>& start, const std::vector<tune_point>& tuned, const whole_run& run);

}  // namespace tool
