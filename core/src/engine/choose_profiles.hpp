// The profiles of a graph: those given by name, and the one the graph names itself.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <flowrun/gpu_options.hpp>

#include "../graph/apply_profiles.hpp"

namespace flowrun::core {

// What cannot be found or read becomes a problem.
profile_choice choose_profiles(const graph_spec& spec, const std::vector<std::string>& given,
                               const std::vector<std::filesystem::path>& folders, const gpu_options& gpus,
                               std::vector<problem>& problems);

}  // namespace flowrun::core
