#include "graph_sites.hpp"

#include <algorithm>
#include <stdexcept>

#include "graph/yaml_tree.hpp"
#include "test_catalog.hpp"

namespace flowrun::core::test {

namespace {

class site_finder {
 public:
  explicit site_finder(const std::string& text) {
    sites.text = text;
    for (std::size_t i = 0; i <= text.size(); ++i)
      if (i == 0 || text[i - 1] == '\n') lines_.push_back(i);
    std::vector<problem> problems;
    problem_sink out("", {}, problems);
    const auto root = read_yaml(text, out);
    if (!root || !problems.empty()) throw std::runtime_error("not a good graph");
    walk_map(*root, {}, root->at.line);
  }
  graph_sites sites;

 private:
  std::size_t offset(position p) const {
    return lines_[static_cast<std::size_t>(p.line) - 1] + static_cast<std::size_t>(p.column) - 1;
  }
  int line_of(std::size_t at) const {
    return static_cast<int>(std::upper_bound(lines_.begin(), lines_.end(), at) - lines_.begin());
  }
  std::size_t quote_end(std::size_t open) const {
    const char quote = sites.text[open];
    std::size_t i = open + 1;
    for (; sites.text[i] != quote || (quote == '\'' && sites.text[i + 1] == quote); ++i)
      if (sites.text[i] == '\\' || sites.text[i] == quote) ++i;
    return i + 1;
  }
  bool is_flow(const yaml_node& n) const {
    const char c = sites.text[offset(n.at)];
    return n.is != yaml_node::kind::scalar && (c == '{' || c == '[');
  }
  // Behind a scalar or a flow value.
  std::size_t value_end(const yaml_node& n) const {
    const std::size_t begin = offset(n.at);
    if (n.is == yaml_node::kind::scalar) return n.quoted ? quote_end(begin) : begin + n.text.size();
    int depth = 0;
    for (std::size_t i = begin;; ++i) {
      const char c = sites.text[i];
      if (c == '"' || (c == '\'' && sites.text[i - 1] == ' '))
        i = quote_end(i) - 1;
      else if (c == '{' || c == '[')
        ++depth;
      else if ((c == '}' || c == ']') && --depth == 0)
        return i + 1;
    }
  }
  // Behind the last line that belongs to the key at `begin`.
  std::size_t block_end(std::size_t begin, int line) const {
    const std::size_t indent = begin - lines_[static_cast<std::size_t>(line) - 1];
    for (auto i = static_cast<std::size_t>(line); i < lines_.size(); ++i) {
      const std::size_t text = sites.text.find_first_not_of(' ', lines_[i]);
      if (text == std::string::npos || text - lines_[i] <= indent) return lines_[i];
    }
    return sites.text.size();
  }

  void note_marks(const yaml_node& n) {
    if (n.is == yaml_node::kind::scalar && n.quoted)
      sites.marks.push_back({value_end(n) - 1, n.at.line});
    else if (n.is != yaml_node::kind::scalar && is_flow(n)) {
      sites.marks.push_back({offset(n.at), n.at.line});
      sites.marks.push_back({value_end(n) - 1, n.at.line});
    }
  }
  void walk_map(const yaml_node& map, const std::vector<std::string>& path, int parent_line) {
    for (std::size_t i = 0; i < map.entries.size(); ++i) {
      const auto& [key, value] = map.entries[i];
      key_site s;
      s.path = path;
      s.path.push_back(key.text);
      s.value = value;
      s.line = key.at.line;
      s.parent_line = parent_line;
      s.flow = is_flow(map);
      s.first = i == 0;
      s.block_value = value.is == yaml_node::kind::map && !is_flow(value);
      s.begin = offset(key.at);
      s.key_end = value_end(key);
      s.value_begin = offset(value.at);
      s.end = s.flow ? value_end(value) : block_end(s.begin, s.line);
      sites.keys.push_back(s);
      note_marks(key);
      walk(value, s.path, s.line);
    }
  }
  void walk(const yaml_node& n, const std::vector<std::string>& path, int line) {
    note_marks(n);
    if (n.is == yaml_node::kind::map) return walk_map(n, path, line);
    for (const yaml_node& item : n.items) walk(item, path, line);
    const bool in = path.size() >= 3 && path[0] == "stages" && path[2] == "in";
    if (n.is == yaml_node::kind::scalar && (in || path[0] == "keep"))
      sites.refs.push_back({n.text, in ? path[1] : std::string(), line_of(offset(n.at)), offset(n.at), value_end(n)});
  }

  std::vector<std::size_t> lines_;
};

}  // namespace

const stage_manifest* graph_sites::stage(const std::string& name) const {
  static const stage_catalog catalog = make_catalog();
  for (const key_site& s : keys)
    if (s.path.size() == 3 && s.path[1] == name && s.path[2] == "use") return catalog.find(s.value.text);
  return nullptr;
}

const type_manifest* graph_sites::type_of(const std::string& ref) const {
  const std::size_t dot = ref.find('.');
  const stage_manifest* from = stage(ref.substr(0, dot));
  for (const output_manifest& o : from->outputs)
    if (dot == std::string::npos || o.name == ref.substr(dot + 1)) return &o.type;
  return nullptr;
}

const param_manifest* graph_sites::param(const key_site& site) const {
  if (site.path.size() != 4 || site.path[0] != "stages" || site.path[2] != "params") return nullptr;
  for (const param_manifest& p : stage(site.path[1])->params)
    if (p.name == site.path[3]) return &p;
  return nullptr;
}

graph_sites find_sites(const std::string& text) {
  return site_finder(text).sites;
}

}  // namespace flowrun::core::test
