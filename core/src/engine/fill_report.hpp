// What a dataflow counted, as the report has it.
#pragma once
#include <flowrun/report.hpp>
#include <memory>
#include <vector>

#include "../device/device_state.hpp"
#include "../run/dataflow.hpp"

namespace flowrun::core {

// Items, stages and devices of a run that took `seconds`.
void fill_report(report& r, const checked_graph& graph, const dataflow_numbers& n, double seconds,
                 const std::vector<std::shared_ptr<device_state>>& devices);

}  // namespace flowrun::core
