// The build-id a linker wrote into a library, read from the file: nothing of the library is run.
#pragma once
#include <filesystem>
#include <string>

namespace flowrun::core {

// Hex digits; empty when the library has none. Throws std::runtime_error on a file that is no 64-bit ELF library.
std::string read_build_id(const std::filesystem::path& library);

}  // namespace flowrun::core
