#include "graph_file.hpp"

#include "overrides.hpp"
#include "read_graph.hpp"
#include "substitute_params.hpp"
#include "yaml_tree.hpp"
#include "yaml_values.hpp"

namespace flowrun::core {

namespace {

// The graph's params, after --set, by which every other text is completed.
yaml_entries read_params(const yaml_node& root, problem_sink& out) {
  yaml_entries params;
  for (const auto& section : root.entries) {
    if (section.first.text != "params" || !expect_map(section.second, "'params'", out)) continue;
    for (const auto& [name, value] : section.second.entries) {
      const std::size_t before = out.errors();
      if (!is_name(name.text))
        out.error("bad_name", name.at, "'" + name.text + "' cannot name a param; use letters, digits, _ and -");
      if (value.is == yaml_node::kind::null)
        out.error("missing_graph_param", value.at,
                  "'" + name.text + "' has no value; give one with --set " + name.text + "=...");
      else if (value.is == yaml_node::kind::map)
        out.error("wrong_type", value.at, "param '" + name.text + "' must be a text, a number or a list, but is a map");
      else if (value.is == yaml_node::kind::scalar && value.text.find("${") != std::string::npos)
        out.error("nested_graph_param", value.at,
                  "param '" + name.text + "' refers to a param; only the rest of the graph may");
      params.push_back({name, value});
      params.back().second.faulty = out.errors() > before;
    }
  }
  return params;
}

}  // namespace

graph_spec read_graph_text(const std::string& text, const std::string& file,
                           const std::vector<override_text>& overrides, std::vector<problem>& problems) {
  graph_spec spec;
  spec.file = file;
  spec.overrides = overrides;
  problem_sink out(file, overrides, problems);
  if (std::optional<yaml_node> root = read_yaml_map(text, out)) {
    apply_overrides(*root, overrides, out);
    const yaml_entries params = read_params(*root, out);
    for (auto& section : root->entries)
      if (section.first.text != "params") substitute_params(section.second, params, out);
    read_graph(*root, spec, out);
  }
  sort_problems(problems);
  return spec;
}

}  // namespace flowrun::core
