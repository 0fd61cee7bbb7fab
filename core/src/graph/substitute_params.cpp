#include "substitute_params.hpp"

#include "nearest_name.hpp"

namespace flowrun::core {

namespace {

std::vector<std::string> names_of(const yaml_entries& params) {
  std::vector<std::string> names;
  for (const auto& p : params) names.push_back(p.first.text);
  return names;
}

const yaml_node* find(const yaml_entries& params, const std::string& name, position at, problem_sink& out) {
  for (const auto& p : params)
    if (p.first.text == name) return &p.second;
  const auto names = names_of(params);
  const std::string known =
      names.empty() ? "the graph declares none (params: {" + name + ": ...})" : "the graph has: " + list_names(names);
  out.error("unknown_graph_param", at,
            "'" + name + "' is not a param of the graph; " + known + did_you_mean(name, names));
  return nullptr;
}

void place_all(yaml_node& node, position at) {
  node.at = at;
  for (yaml_node& item : node.items) place_all(item, at);
}

void substitute_text(yaml_node& node, const yaml_entries& params, problem_sink& out) {
  const std::string source = node.text;
  std::string text;
  for (std::size_t i = 0; i < source.size();) {
    if (source.compare(i, 3, "$${") == 0) {
      text += "${";
      i += 3;
    } else if (source.compare(i, 2, "${") == 0) {
      const std::size_t end = source.find('}', i);
      if (end == std::string::npos) {
        node.faulty = true;
        out.error("open_graph_param", node.at, "a '${' here has no '}'; write $${ for the characters themselves");
        return;
      }
      const yaml_node* value = find(params, source.substr(i + 2, end - i - 2), node.at, out);
      node.faulty = !value || value->faulty;
      if (node.faulty) return;
      if (i == 0 && end + 1 == source.size()) {
        const position at = node.at;
        node = *value;
        place_all(node, at);
        return;
      }
      if (value->is == yaml_node::kind::list) {
        node.faulty = true;
        out.error("wrong_type", node.at,
                  "'" + source.substr(i + 2, end - i - 2) + "' is a list, which cannot stand inside a text");
        return;
      }
      text += value->text;
      i = end + 1;
    } else {
      text += source[i++];
    }
  }
  node.text = text;
}

}  // namespace

void substitute_params(yaml_node& node, const yaml_entries& params, problem_sink& out) {
  if (node.is == yaml_node::kind::scalar) substitute_text(node, params, out);
  for (yaml_node& item : node.items) substitute_params(item, params, out);
  for (auto& entry : node.entries) substitute_params(entry.second, params, out);
}

}  // namespace flowrun::core
