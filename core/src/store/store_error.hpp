#pragma once
#include <stdexcept>
#include <string>

namespace flowrun::core {

// Disk full, unwritable, not a run directory, locked ...: exit code 74 (64 for a foreign folder, 70 for a fault of
// ours).
struct store_error : std::runtime_error {
  int exit_code;
  store_error(const std::string& what, int code) : std::runtime_error(what), exit_code(code) {}
};

}  // namespace flowrun::core
