// Where everything stands in the text of a graph file: what a mutation needs to know to break one thing at a time.
#pragma once
#include <string>
#include <vector>

#include "graph/graph_spec.hpp"
#include "plugin/manifest.hpp"

namespace flowrun::core::test {

struct key_site {
  std::vector<std::string> path;  // from the root: stages, light, params, level
  yaml_node value;
  int line = 0, parent_line = 0;
  bool flow = false;         // inside braces; otherwise it has lines of its own
  bool first = false;        // of its map
  bool block_value = false;  // the value stands on the lines below
  std::size_t begin = 0, key_end = 0, value_begin = 0;
  std::size_t end = 0;  // flow: behind the value; else: behind its last line
};

struct ref_site {  // STAGE or STAGE.PORT under `in` or `keep`
  std::string text;
  std::string reader;  // empty: keep
  int line = 0;
  std::size_t begin = 0, end = 0;
};

struct mark_site {  // a closing quote, or a bracket
  std::size_t at = 0;
  int line = 0;
};

struct graph_sites {
  std::string text;
  std::vector<key_site> keys;
  std::vector<ref_site> refs;
  std::vector<mark_site> marks;

  const stage_manifest* stage(const std::string& name) const;  // by the name in the graph
  const type_manifest* type_of(const std::string& ref) const;  // of a STAGE or STAGE.PORT
  const param_manifest* param(const key_site& site) const;     // null: not a stage's param
};

graph_sites find_sites(const std::string& text);

}  // namespace flowrun::core::test
