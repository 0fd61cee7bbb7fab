// The Markdown page of a stage, made from what its `describe` says.
#pragma once
#include <string>

#include "listed_stages.hpp"

namespace tool {

// `all` is plugins_json(): the example on the page uses other stages of it.
std::string make_stage_page(const json& all, const listed_stage& of);

// A graph in which the stage can run, as YAML: what it reads comes from other stages that are there, as far as there
// are some.
std::string make_example_graph(const json& all, const listed_stage& of);

}  // namespace tool
