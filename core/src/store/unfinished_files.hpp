#pragma once
#include <cstddef>
#include <filesystem>

namespace flowrun::core {

// Removes what a killed process left of files it was writing (*.flowrun-tmp), in all folders of the run directory;
// links are not followed. The caller holds the run lock. Returns how many; throws store_error.
std::size_t remove_unfinished_files(const std::filesystem::path& run_directory);

}  // namespace flowrun::core
