// Which libraries a library is linked to, and where it looks for them before the system's own places.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace flowrun::core {

struct library_needs {
  std::vector<std::string> names;              // "libtorch_cpu.so"
  std::vector<std::filesystem::path> folders;  // RPATH and RUNPATH, $ORIGIN replaced
};

// Throws std::runtime_error for a file that is no 64-bit library.
library_needs read_library_needs(const std::filesystem::path& library);

// Of two libraries of one name a process takes the one that came first, and the other's symbols are missing then. The
// sentence about such a one that is here already in place of what `library` brings; empty: there is none.
std::string find_rival(const std::filesystem::path& library);

}  // namespace flowrun::core
