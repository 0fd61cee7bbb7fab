// Reads a graph file's text. No stage is looked up here.
#pragma once
#include <string>
#include <vector>

#include "graph_spec.hpp"

namespace flowrun::core {

// What is wrong is appended to `problems`; a graph may run only when no error was added. Unless `readable` is false the
// spec may still go to check_graph, so that the user sees every problem at once. `file` is used in messages.
// Graph params (${name}) are replaced here, by `overrides` first.
graph_spec read_graph_text(const std::string& text, const std::string& file,
                           const std::vector<override_text>& overrides, std::vector<problem>& problems);

}  // namespace flowrun::core
