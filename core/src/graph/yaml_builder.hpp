// Collects what a YAML parser reports into a tree, and refuses what a file may not use. Knows no parser.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "problem_sink.hpp"

namespace flowrun::core {

class yaml_builder {
 public:
  explicit yaml_builder(problem_sink& out) : out_(out) {}

  static constexpr std::size_t deepest = 64;

  void null_value(position at) { put(make(yaml_node::kind::null, at)); }
  void scalar(position at, const std::string& text, bool quoted);
  // False: too deep, parsing must stop.
  bool open(yaml_node::kind kind, position at, bool flow);
  void close();

  // Where the innermost container still open begins, if it is one with a bracket.
  std::optional<position> open_bracket() const;
  std::optional<yaml_node> take() { return std::move(root_); }

 private:
  struct level {
    yaml_node node;
    bool flow = false;
    std::optional<yaml_node> key;  // of a map: waits for its value
    std::set<std::string> seen;
  };
  static yaml_node make(yaml_node::kind kind, position at) {
    yaml_node n;
    n.is = kind;
    n.at = at;
    return n;
  }
  void put(yaml_node node);
  void put_key(yaml_node node, level& map);

  problem_sink& out_;
  std::vector<level> levels_;
  std::optional<yaml_node> root_;
};

}  // namespace flowrun::core
