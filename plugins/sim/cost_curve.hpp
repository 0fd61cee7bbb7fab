// What a call of a sim model costs: the file a model of `backend: sim` names.
#pragma once
#include <cstdint>
#include <string>

namespace flowrun::sim {

// A call of n rows takes call_us + n * row_us microseconds.
struct cost_curve {
  double call_us = 0, row_us = 0;
};

// Lines of `NAME NUMBER`; '#' begins a comment. Throws std::runtime_error naming the line.
cost_curve read_cost_curve(const std::string& path);

}  // namespace flowrun::sim
