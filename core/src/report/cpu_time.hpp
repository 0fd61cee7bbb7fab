#pragma once

namespace flowrun::core {

struct process_time {
  double worked = 0;   // user and system time of all threads of this process so far, seconds
  double delayed = 0;  // time its threads were ready to run and had no core, seconds; 0 where the kernel does not say
};

process_time measure_process_time();

}  // namespace flowrun::core
