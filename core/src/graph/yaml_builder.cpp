#include "yaml_builder.hpp"

namespace flowrun::core {

void yaml_builder::scalar(position at, const std::string& text, bool quoted) {
  yaml_node n = make(yaml_node::kind::scalar, at);
  n.text = text;
  n.quoted = quoted;
  put(std::move(n));
}

bool yaml_builder::open(yaml_node::kind kind, position at, bool flow) {
  if (levels_.size() == deepest) {
    out_.error("too_deep", at, "this is nested deeper than 64 levels");
    return false;
  }
  level l;
  l.node = make(kind, at);
  l.flow = flow;
  levels_.push_back(std::move(l));
  return true;
}

void yaml_builder::close() {
  yaml_node done = std::move(levels_.back().node);
  levels_.pop_back();
  put(std::move(done));
}

std::optional<position> yaml_builder::open_bracket() const {
  if (levels_.empty() || !levels_.back().flow) return std::nullopt;
  return levels_.back().node.at;
}

void yaml_builder::put(yaml_node node) {
  if (levels_.empty()) {
    root_ = std::move(node);
    return;
  }
  level& top = levels_.back();
  if (top.node.is == yaml_node::kind::list) {
    top.node.items.push_back(std::move(node));
  } else if (!top.key) {
    put_key(std::move(node), top);
  } else {
    if (node.is == yaml_node::kind::null) node.at = top.key->at;  // the parser's mark is at whatever comes next
    const bool first = top.key->is == yaml_node::kind::scalar && top.seen.insert(top.key->text).second;
    if (first) top.node.entries.push_back({std::move(*top.key), std::move(node)});
    top.key.reset();
  }
}

void yaml_builder::put_key(yaml_node node, level& map) {
  if (node.is != yaml_node::kind::scalar) {
    out_.error("key_not_text", node.at, "a key must be a text");
  } else if (node.text == "<<" && !node.quoted) {
    out_.error("merge_key", node.at, "merge keys (<<) are not used in " + out_.kind.name + "s; write the keys out");
  } else if (map.seen.count(node.text) > 0) {
    for (const auto& [key, value] : map.node.entries)
      if (key.text == node.text)
        out_.error("repeated_key", node.at,
                   "'" + node.text + "' is given twice; the first is on line " + std::to_string(key.at.line));
  }
  map.key = std::move(node);
}

}  // namespace flowrun::core
