#include "nearest_name.hpp"
#include "read_graph.hpp"
#include "stage_keys.hpp"
#include "yaml_values.hpp"

namespace flowrun::core {

std::optional<port_ref> read_port_ref(const yaml_node& n, const std::string& what, problem_sink& out) {
  if (!expect_text(n, what, out)) return std::nullopt;
  port_ref ref;
  ref.at = n.at;
  const std::size_t dot = n.text.find('.');
  ref.stage = n.text.substr(0, dot);
  if (dot != std::string::npos) ref.port = n.text.substr(dot + 1);
  if (is_name(ref.stage) && (dot == std::string::npos || is_name(ref.port))) return ref;
  out.error("bad_port", n.at, "'" + n.text + "' is not a port; write STAGE.PORT, or STAGE for its only output");
  return std::nullopt;
}

namespace {

void read_input(const yaml_node* name, const yaml_node& value, stage_spec& stage, problem_sink& out) {
  const std::string what = name ? "input '" + name->text + "'" : "'in'";
  input_spec input;
  input.at = name ? name->at : value.at;
  if (name) input.name = name->text;
  if (value.is == yaml_node::kind::list) {
    if (value.items.empty()) out.error("missing_value", value.at, what + " has an empty list; name at least one port");
    for (const yaml_node& item : value.items)
      if (auto ref = read_port_ref(item, "a port of " + what, out)) input.from.push_back(std::move(*ref));
  } else if (auto ref = read_port_ref(value, what, out)) {
    input.from.push_back(std::move(*ref));
  }
  stage.inputs.push_back(std::move(input));
}

void read_inputs(const yaml_node& value, stage_spec& stage, problem_sink& out) {
  if (value.is != yaml_node::kind::map) return read_input(nullptr, value, stage, out);
  for (const auto& entry : value.entries) read_input(&entry.first, entry.second, stage, out);
}

void read_use(const yaml_node& value, stage_spec& stage, problem_sink& out) {
  stage.use_at = value.at;
  if (!expect_text(value, "'use'", out)) return;
  const std::size_t dot = value.text.find('.');
  const bool fits =
      dot != std::string::npos && is_name(value.text.substr(0, dot)) && is_name(value.text.substr(dot + 1));
  if (fits)
    stage.use = value.text;
  else
    out.error("bad_use", value.at, "'" + value.text + "' is not a stage's name; write PLUGIN.STAGE");
}

void read_key(const yaml_node& key, const yaml_node& value, stage_spec& stage, problem_sink& out) {
  if (key.text == "use") {
    read_use(value, stage, out);
  } else if (key.text == "in") {
    stage.in_at = key.at;
    read_inputs(value, stage, out);
  } else if (key.text == "params") {
    stage.params_at = key.at;
    if (expect_map(value, "'params'", out)) stage.params = value.entries;
  } else if (find_stage_key(key.text)) {
    stage.keys.push_back({key, value});
  } else {
    const auto known = stage_key_names();
    out.error(
        "unknown_key", key.at,
        "'" + key.text + "' is not a key of a stage; it has: " + list_names(known) + did_you_mean(key.text, known));
  }
}

}  // namespace

stage_spec read_stage(const yaml_node& name, const yaml_node& value, problem_sink& out) {
  const std::size_t before = out.errors();
  stage_spec stage;
  stage.name = name.text;
  stage.at = name.at;
  if (!is_name(name.text))
    out.error("bad_name", name.at,
              "'" + name.text + "' cannot name a stage; use letters, digits, _ and -, beginning with a letter");
  else if (name.text == "run")
    out.error("bad_name", name.at, "'run' cannot name a stage: --set run.KEY means the run's settings");
  if (expect_map(value, "stage '" + name.text + "'", out)) {
    bool has_use = false;
    for (const auto& entry : value.entries) {
      has_use = has_use || entry.first.text == "use";
      read_key(entry.first, entry.second, stage, out);
    }
    if (!has_use) out.error("missing_key", name.at, "stage '" + name.text + "' has no 'use'; write use: PLUGIN.STAGE");
  }
  stage.whole = out.errors() == before;
  return stage;
}

}  // namespace flowrun::core
