// --set: graph params, stage keys, stage params and run settings from outside the file.
#pragma once
#include "problem_sink.hpp"

namespace flowrun::core {

// Changes the tree as if the file said so. A value set here stands at line 0, column = its number, from 1.
void apply_overrides(yaml_node& root, const std::vector<override_text>& overrides, problem_sink& out);

}  // namespace flowrun::core
