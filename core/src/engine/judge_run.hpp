// The exit code of a run whose items came to an end, and the sentence that goes with it.
#pragma once
#include <flowrun/report.hpp>
#include <string>

#include "../run/dataflow.hpp"

namespace flowrun::core {

// `why` and `text`: what stopped the dataflow. The report has its counts already.
void judge_run(report& r, stop_kind why, const std::string& text, double max_error_rate);

}  // namespace flowrun::core
