// --set: graph params, stage keys, stage params and run settings from outside the file.
#pragma once
#include "problem_sink.hpp"

namespace flowrun::core {

// `sources.params.P` sets the param P of every source that has it. In the tree it stands under this name at the top,
// where a file cannot have it.
inline constexpr auto all_sources = "sources";

// Changes the tree as if the file said so. A value set here stands at line 0, column = its number, from 1.
void apply_overrides(yaml_node& root, const std::vector<override_text>& overrides, problem_sink& out);

}  // namespace flowrun::core
