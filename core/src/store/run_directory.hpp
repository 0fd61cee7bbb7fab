// What makes a folder a run directory.
#pragma once
#include <filesystem>

namespace flowrun::core {

inline constexpr auto database_name = "run.db";
inline constexpr auto lock_name = "run.lock";
inline constexpr auto graph_name = "graph.resolved.yaml";

// Makes the folder if need be. Throws store_error: 74 where it cannot be made or read, 64 where it holds something
// else than a run.
void prepare_run_directory(const std::filesystem::path& folder);

}  // namespace flowrun::core
