// A param's value as written in a graph becomes the value its stage asks for.
#pragma once
#include <string>
#include <vector>

#include "../graph/problem_sink.hpp"
#include "manifest.hpp"

namespace flowrun::core {

// One value per manifest param, defaults filled in. `stage` and `at` (where a missing one is reported) are the graph's;
// `whole` is false when names of the stage could not be read, so that nothing is called missing.
std::vector<param_value> bind_params(const stage_manifest& manifest, const std::string& stage, position at,
                                     const yaml_entries& given, bool whole, problem_sink& out);

}  // namespace flowrun::core
