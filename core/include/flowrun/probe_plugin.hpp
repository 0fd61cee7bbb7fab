// Opens one plugin library and says what is in it, or why it cannot be used. The library's own code runs: one that may
// crash or hang is probed in a process of its own.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "api.hpp"

namespace flowrun {

struct probed_plugin {
  bool loaded = false;  // the system's loader took it: it is a library, and all that it needs is there
  std::string reason;   // why it cannot be used, one sentence; empty: it can
  std::string name, version, compiler;
  std::string backend;  // empty: it offers none
  std::vector<std::string> stages;
};

// Throws nothing but std::bad_alloc. The library stays loaded until the process ends.
FLOWRUN_API probed_plugin probe_plugin(const std::filesystem::path& library);

}  // namespace flowrun
