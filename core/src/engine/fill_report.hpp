// What a dataflow counted, as the report has it.
#pragma once
#include <flowrun/report.hpp>
#include <memory>
#include <vector>

#include "../device/device_state.hpp"
#include "../report/cpu_time.hpp"
#include "../run/dataflow.hpp"

namespace flowrun::core {

// Items, stages and devices of a run that took `seconds` and `spent` of the CPU, what limited it, and a note on an item
// too large for the bound.
void fill_report(report& r, const checked_graph& graph, const dataflow_numbers& n, double seconds,
                 const std::vector<std::shared_ptr<device_state>>& devices, process_time spent);

}  // namespace flowrun::core
