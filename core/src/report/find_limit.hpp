// Which resource limits a run, in words, from what was measured.
#pragma once
#include <cstdint>

#include <flowrun/report.hpp>

namespace flowrun::core {

// Fills r.cpu_busy and r.limit from r's stages and seconds. Pure.
void find_limit(report& r, double cpu_seconds, std::uint64_t reads_withheld);

}  // namespace flowrun::core
