// The settings under `run:`: one table that reading, --set and the docs share.
#pragma once
#include <string>
#include <vector>

#include "checked_graph.hpp"
#include "problem_sink.hpp"

namespace flowrun::core {

struct run_key {
  const char* name;
  const char* type;
  const char* default_text;
  const char* doc;
  // False: the value is not of `type`, or out of its range.
  bool (*take)(const yaml_node& value, run_settings& settings);
};

const std::vector<run_key>& run_keys();
const run_key* find_run_key(const std::string& name);
std::vector<std::string> run_key_names();

run_settings read_run_settings(const yaml_entries& run, problem_sink& out);

}  // namespace flowrun::core
