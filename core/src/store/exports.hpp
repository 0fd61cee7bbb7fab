// Results out of a run directory. Needs no plugin: the database says how its values are encoded.
#pragma once
#include <filesystem>
#include <string>

namespace flowrun::core {

struct export_options {
  bool canonical = false;  // sorted, no times, no paths: equal runs give equal bytes
};

// One JSON record an item, in item order (source, stream, then key in a set and seq in a sequence); last, where a
// gather has given values for the whole run, one record {"run": {label: value}}. Items that are gone, and items whose
// answers belong to an earlier version of the graph (its re-run was interrupted), are left out. Throws store_error.
// Returns the number of items. A reader that closes the pipe is a store_error only where SIGPIPE is ignored.
std::size_t export_jsonl(const std::filesystem::path& run_directory, const std::filesystem::path& to,
                         export_options options);
// To standard output (or any descriptor).
std::size_t export_jsonl(const std::filesystem::path& run_directory, int fd, export_options options);

}  // namespace flowrun::core
