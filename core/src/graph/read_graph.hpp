// From a YAML tree to the graph as it was written.
#pragma once
#include "problem_sink.hpp"

namespace flowrun::core {

void read_graph(const yaml_node& root, graph_spec& spec, problem_sink& out);

// Parts of it, in read_stage.cpp.
stage_spec read_stage(const yaml_node& name, const yaml_node& value, problem_sink& out);
std::optional<port_ref> read_port_ref(const yaml_node& n, const std::string& what, problem_sink& out);

}  // namespace flowrun::core
