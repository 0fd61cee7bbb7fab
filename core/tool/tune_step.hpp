// What `flowrun tune` tries, and what came of it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace tool {

// Settings of the stages of one `use`.
struct tune_point {
  std::uint64_t batch = 1;  // rows
  int lanes = 1;
  std::string precision;
};

enum class step_end {
  measured,
  refused,        // it was not run: there is no room for it, or the model has no such batch or precision
  out_of_memory,  // the device's memory ran out
  too_few_rows,   // the media have not enough of them to tell
  no_time         // the time was over, or the user stopped it
};

struct step_figures {
  step_end end = step_end::measured;
  std::string why;             // of another end than measured
  double row_seconds = 0;      // a session's time for each row
  double rows_per_second = 0;  // while at least one call runs
  std::uint64_t rows = 0;
  std::uint64_t peak_bytes = 0;  // of the device, with weights; 0: it is the CPU
  double busy = 0;               // 0..1, of the device; on the CPU of its threads
};

struct tune_step {
  std::string stage;  // whose settings; several names where one `use` stands at several
  tune_point point;
  step_figures figures;
  std::string verdict;
};

}  // namespace tool
