// YAML text as a tree of positions and texts, with the rules every flowrun YAML file keeps.
#pragma once
#include <optional>
#include <string>

#include "problem_sink.hpp"

namespace flowrun::core {

// Empty when the text is no single plain YAML document. A repeated key is a problem too, but the tree keeps the first.
std::optional<yaml_node> read_yaml(const std::string& text, problem_sink& out);

// What a whole file must be: a map that may be read on. Empty: it is none, which has been told.
std::optional<yaml_node> read_yaml_map(const std::string& text, problem_sink& out);

// The V of --set NAME=V, placed at `at`: a flow list or map, a quoted text, or else the plain text itself.
// Empty when a bracket or quote is wrong; `fault` says how.
std::optional<yaml_node> read_yaml_value(const std::string& text, position at, std::string& fault);

}  // namespace flowrun::core
