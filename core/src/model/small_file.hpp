// Reads a file that a person wrote, whole, and nothing that has no end.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace flowrun::core {

// Empty when there is no such regular file, or it has more than `most` bytes; `fault` says which, behind the file's
// name: "cannot be opened: No such file or directory".
std::optional<std::string> read_small_file(const std::filesystem::path& file, std::size_t most, std::string& fault);

}  // namespace flowrun::core
