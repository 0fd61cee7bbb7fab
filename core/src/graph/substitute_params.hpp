// ${name} in the texts of a graph file becomes the graph param's value.
#pragma once
#include "problem_sink.hpp"

namespace flowrun::core {

// `$${` stays as `${`. A text that is nothing but ${name} becomes the value itself, a number or a list as it may be.
void substitute_params(yaml_node& node, const yaml_entries& params, problem_sink& out);

}  // namespace flowrun::core
