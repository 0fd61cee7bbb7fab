// What a running dataflow counted so far, as progress has it.
#pragma once
#include <chrono>
#include <flowrun/run.hpp>

#include "../run/dataflow.hpp"

namespace flowrun::core {

// `began`: when its first item was asked for; the clock's epoch: not yet.
void fill_progress(progress& p, const dataflow_numbers& n, std::chrono::steady_clock::time_point began);

}  // namespace flowrun::core
