// A graph file as it was written: every text with its place, nothing looked up, nothing checked against stages.
#pragma once
#include <flowrun/problem.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flowrun::core {

struct position {
  int line = 0, column = 0;  // from 1; line 0: not from the file but from override number `column` (from 1)
  std::shared_ptr<const std::string> file = nullptr;  // another than the one being read or checked: a profile's
};

inline bool is_given(const position& p) {
  return p.line > 0 || p.column > 0;
}

struct yaml_entry;

// A YAML value. Plain scalars keep their text; whether "5" is a number or a text is the reader's question.
struct yaml_node {
  enum class kind { null, scalar, list, map } is = kind::null;
  std::string text;                 // of a scalar
  bool quoted = false;              // a quoted scalar is always a text
  bool faulty = false;              // a problem was told about it already; nobody need say more
  position at;                      // of a missing value: its key's
  std::vector<yaml_node> items;     // of a list
  std::vector<yaml_entry> entries;  // of a map, keys are scalars
};

struct yaml_entry {
  yaml_node first, second;  // key, value
};

using yaml_entries = std::vector<yaml_entry>;

struct override_text {  // --set NAME=VALUE, in the order given
  std::string name, value;
};

struct port_ref {
  std::string stage;
  std::string port;  // empty: the stage's only output
  position at;
};

struct input_spec {
  std::string name;            // empty: `in: media.image`, the stage's only required input
  position at;                 // of the name, or of the value without one
  std::vector<port_ref> from;  // several: a union
};

struct stage_spec {
  std::string name;
  position at;
  std::string use;
  position use_at;
  position in_at;  // of the key `in`
  std::vector<input_spec> inputs;
  position params_at;   // of the key `params`
  yaml_entries params;  // name, value
  yaml_entries keys;    // the other keys of the stage: parallel, retries, on_error, order ...
  bool whole = true;    // false: reading it met a problem, so what seems to be missing may only be misspelt
};

struct graph_spec {
  std::string file;  // as the user named it
  std::vector<override_text> overrides;
  bool readable = false;  // false: not even a YAML map with stages; nothing below means anything
  std::vector<stage_spec> stages;
  yaml_entries of_sources;  // params for every source that has them, from overrides only
  std::vector<port_ref> keep;
  bool keep_given = false;
  position keep_at;
  yaml_entries run;                       // run: settings
  std::optional<yaml_node> profile;       // a name, or a path relative to the graph file
  yaml_entries exports;                   // export: format -> path
  std::vector<yaml_node> plugin_folders;  // relative to the graph file
  std::vector<yaml_node> model_folders;   // relative to the graph file
};

}  // namespace flowrun::core
