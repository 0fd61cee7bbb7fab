#include "overrides.hpp"

#include "nearest_name.hpp"
#include "run_keys.hpp"
#include "stage_keys.hpp"
#include "yaml_tree.hpp"

namespace flowrun::core {

namespace {

yaml_node* find(yaml_node& map, const std::string& name) {
  for (auto& entry : map.entries)
    if (entry.first.text == name) return &entry.second;
  return nullptr;
}

void put(yaml_node& map, const std::string& name, const yaml_node& value) {
  yaml_node key;
  key.is = yaml_node::kind::scalar;
  key.text = name;
  key.at = value.at;
  for (auto& entry : map.entries)
    if (entry.first.text == name) {
      entry = {key, value};
      return;
    }
  map.entries.push_back({key, value});
}

// The map under `name`, made if it is not there; null when the file has something else there, which is told elsewhere.
yaml_node* map_under(yaml_node& map, const std::string& name, position at) {
  yaml_node* found = find(map, name);
  if (!found) {
    yaml_node empty;
    empty.is = yaml_node::kind::map;
    empty.at = at;
    put(map, name, empty);
    found = find(map, name);
  }
  if (found->is == yaml_node::kind::null) found->is = yaml_node::kind::map;
  return found->is == yaml_node::kind::map ? found : nullptr;
}

std::vector<std::string> names_in(yaml_node& root, const std::string& section) {
  std::vector<std::string> names;
  if (yaml_node* map = find(root, section))
    for (const auto& entry : map->entries) names.push_back(entry.first.text);
  return names;
}

void refuse(position at, const std::string& wrong, const std::string& what, const std::vector<std::string>& known,
            problem_sink& out) {
  out.error("unknown_override", at,
            "'" + wrong + "' is not " + what + "; there is: " + list_names(known) + did_you_mean(wrong, known));
}

void apply(yaml_node& root, const std::string& name, const yaml_node& value, problem_sink& out) {
  const std::size_t dot = name.find('.');
  const std::string head = name.substr(0, dot);
  const std::string tail = dot == std::string::npos ? std::string() : name.substr(dot + 1);
  if (dot == std::string::npos) {
    yaml_node* params = find(root, "params");
    if (params && find(*params, name))
      put(*params, name, value);
    else
      refuse(value.at, name, "a param of the graph", names_in(root, "params"), out);
    return;
  }
  if (head == "run") {
    yaml_node* run = map_under(root, "run", value.at);
    if (!find_run_key(tail))
      refuse(value.at, tail, "a run setting", run_key_names(), out);
    else if (run)
      put(*run, tail, value);
    return;
  }
  yaml_node* stages = find(root, "stages");
  yaml_node* stage = stages ? find(*stages, head) : nullptr;
  if (!stage && head == all_sources && tail.compare(0, 7, "params.") == 0 && tail.size() > 7) {
    if (yaml_node* params = map_under(root, all_sources, value.at)) put(*params, tail.substr(7), value);
    return;
  }
  if (!stage) {
    refuse(value.at, head, "a stage of the graph", names_in(root, "stages"), out);
    return;
  }
  if (stage->is != yaml_node::kind::map) return;
  if (tail.compare(0, 7, "params.") == 0 && tail.size() > 7) {
    if (yaml_node* params = map_under(*stage, "params", value.at)) put(*params, tail.substr(7), value);
  } else if (find_stage_key(tail)) {
    put(*stage, tail, value);
  } else {
    auto known = stage_key_names();
    known.push_back("params.NAME");
    refuse(value.at, tail, "a key of a stage", known, out);
  }
}

}  // namespace

void apply_overrides(yaml_node& root, const std::vector<override_text>& overrides, problem_sink& out) {
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    const position at{0, static_cast<int>(i) + 1};
    const std::string& name = overrides[i].name;
    const std::string& text = overrides[i].value;
    // Params take no maps: there a '{' begins a text, such as a path template's placeholder.
    const bool of_param = name.find('.') == std::string::npos || name.find(".params.") != std::string::npos;
    if (of_param && text.rfind('{', 0) == 0) {
      yaml_node whole;
      whole.is = yaml_node::kind::scalar;
      whole.text = text;
      whole.quoted = true;
      whole.at = at;
      apply(root, name, whole, out);
      continue;
    }
    std::string fault;
    const auto value = read_yaml_value(text, at, fault);
    if (value)
      apply(root, name, *value, out);
    else
      out.error("override_value", at, fault);
  }
}

}  // namespace flowrun::core
