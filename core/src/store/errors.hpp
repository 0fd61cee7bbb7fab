// What `errors` and reports ask of a run directory.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace flowrun::core {

struct failed_item {
  std::string key, source, stage, reason;
};
struct item_counts {
  std::uint64_t done = 0, skipped = 0, failed = 0, gone = 0;
};

// In item order, without items that are gone. Throw store_error (64: not a run directory).
std::vector<failed_item> failed_items(const std::filesystem::path& run_directory);
item_counts count_items(const std::filesystem::path& run_directory);

}  // namespace flowrun::core
