// What a tuning found: as a table, as JSON, and as a profile.
#pragma once
#include <string>
#include <vector>

#include "tune_confirm.hpp"
#include "tune_step.hpp"

namespace tool {

struct tuned_values {
  std::string use;
  tune_point point;
};

struct tune_result {
  std::string device;
  std::vector<tune_step> steps;
  std::vector<tuned_values> values;  // by `use`, what to keep
  confirmation whole;
  bool changed = false;    // anything but what the graph starts with
  bool cut_short = false;  // the time was over before the search was
  double budget = 0;       // seconds
};

// "cuda:0, cuda:1": each name once, in their order.
std::string list_once(const std::vector<std::string>& names);
std::string tune_table(const tune_result& r);
std::string tune_json(const tune_result& r);
std::string tuned_profile(const tune_result& r);

}  // namespace tool
