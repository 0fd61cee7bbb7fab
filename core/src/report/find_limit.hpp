// Which resource limits a run, in words, from what was measured.
#pragma once
#include <cstdint>

#include <flowrun/report.hpp>

#include "cpu_time.hpp"

namespace flowrun::core {

// Fills r.cpu_busy and r.limit from r's stages and seconds and from what the process spent meanwhile. Pure.
void find_limit(report& r, process_time spent, std::uint64_t reads_withheld);

}  // namespace flowrun::core
