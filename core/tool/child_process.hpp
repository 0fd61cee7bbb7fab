// This program once more, as a process of its own: what may crash or hang happens there.
#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace tool {

struct child_end {
  std::string output;      // what it wrote to stdout; stderr is this process's
  int exit_status = 0;     // where no signal ended it
  int signal = 0;          // that ended it; 0: none
  bool timed_out = false;  // it was killed, after `limit`
};

// Throws std::system_error where no process can be started.
child_end run_child(const std::vector<std::string>& arguments, std::chrono::milliseconds limit);

// "SIGSEGV (Segmentation fault)"
std::string signal_text(int signal);

}  // namespace tool
