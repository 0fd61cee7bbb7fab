// What a call of a sim model costs: the file a model of `backend: sim` names.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace flowrun::sim {

// A call of n rows takes call_us + n * row_us microseconds, and more_us for each row above `rows`, of every limit.
struct cost_curve {
  struct limit {
    double rows = 0, more_us = 0;
  };
  double call_us = 0, row_us = 0;
  std::vector<limit> above;
  int at_once = 0;  // calls computed at the same time, the others wait; 0: all

  double call_microseconds(std::size_t rows) const;
};

// Lines of `NAME NUMBER`, or `above_us ROWS MICROSECONDS`; '#' begins a comment. Throws std::runtime_error naming the
// line.
cost_curve read_cost_curve(const std::string& path);

}  // namespace flowrun::sim
