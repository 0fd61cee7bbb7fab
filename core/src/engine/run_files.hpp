// The small files of a run directory: which graph it was, who ran it, what it reported.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <flowrun/run.hpp>

#include "../graph/checked_graph.hpp"

namespace flowrun::core {

// Renames an existing directory to DIR.1, DIR.2, ...; returns the new name, or "" when there was none. Throws
// store_error.
std::string set_aside(const std::filesystem::path& run_directory);

// The engine's own, that a later resume searches too.
struct run_folders {
  const std::vector<std::filesystem::path>&plugins, &models;
};

// graph.resolved.yaml and manifest.json. Throws store_error.
void write_run_files(const std::filesystem::path& run_directory, const checked_graph& graph, const run_folders& folders,
                     int threads);
// report.json. Throws store_error.
void write_report(const std::filesystem::path& run_directory, const report& r);

}  // namespace flowrun::core
