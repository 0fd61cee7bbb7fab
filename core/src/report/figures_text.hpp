// The lines of the summary about batches, devices and cores.
#pragma once
#include <string>

#include <flowrun/report.hpp>

namespace flowrun::core {

std::string batches_text(const stage_report& s);  // empty: it runs no model
std::string device_text(const device_report& d);
std::string cores_text(const cpu_report& c);  // empty: nothing was measured

}  // namespace flowrun::core
