// From the text of a profile to its parts. Keys are strict, as in a graph file.
#include "profile.hpp"

#include <memory>

#include "nearest_name.hpp"
#include "run_keys.hpp"
#include "stage_keys.hpp"
#include "substitute_params.hpp"
#include "yaml_tree.hpp"
#include "yaml_values.hpp"

namespace flowrun::core {

namespace {

void read_version(const yaml_node& value, problem_sink& out) {
  if (value.is == yaml_node::kind::null)
    out.error("missing_value", value.at, "'flowrun_profile' has no value; this version reads profiles of version 1");
  else if (to_integer(value) != 1)
    out.error("version", value.at,
              "'flowrun_profile' is " + show(value) + ", but this version reads profiles of version 1");
}

// What a stage is and reads belongs to the graph.
std::vector<std::string> key_names() {
  std::vector<std::string> names;
  for (const stage_key& k : stage_keys())
    if (std::string("use") != k.name && std::string("in") != k.name) names.push_back(k.name);
  return names;
}

void refuse(const yaml_node& key, const std::string& what, const std::vector<std::string>& known, problem_sink& out) {
  out.error("unknown_key", key.at,
            "'" + key.text + "' is not " + what + "; it has: " + list_names(known) + did_you_mean(key.text, known));
}

bool has_value(const yaml_entry& entry, problem_sink& out) {
  if (entry.second.is != yaml_node::kind::null) return true;
  out.error("missing_value", entry.second.at, "'" + entry.first.text + "' has no value");
  return false;
}

// Only what can be applied is returned.
yaml_entries read_stage_keys(const yaml_entries& entries, problem_sink& out) {
  static const std::vector<std::string> known = key_names();
  yaml_entries keys;
  for (const yaml_entry& entry : entries) {
    const std::string& name = entry.first.text;
    if (name == "use" || name == "in")
      out.error("unknown_key", entry.first.at,
                "'" + name + "' belongs to the graph; a profile may set: " + list_names(known));
    else if (!find_stage_key(name))
      refuse(entry.first, "a key of a stage that a profile may set", known, out);
    else if (name == "params" ? expect_map(entry.second, "'params'", out) : has_value(entry, out))
      keys.push_back(entry);
  }
  return keys;
}

void read_uses(const yaml_node& value, profile& p, problem_sink& out) {
  if (!expect_map(value, "'uses'", out)) return;
  for (const yaml_entry& entry : value.entries) {
    const std::string& name = entry.first.text;
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos || !is_name(name.substr(0, dot)) || !is_name(name.substr(dot + 1))) {
      out.error("bad_use", entry.first.at, "'" + name + "' is not a stage's name; write PLUGIN.STAGE");
    } else if (expect_map(entry.second, "'" + name + "'", out)) {
      p.uses.push_back(entry);
      p.uses.back().second.entries = read_stage_keys(entry.second.entries, out);
    }
  }
}

void read_run(const yaml_node& value, profile& p, problem_sink& out) {
  if (!expect_map(value, "'run'", out)) return;
  for (const yaml_entry& entry : value.entries) {
    if (!find_run_key(entry.first.text))
      refuse(entry.first, "a run setting", run_key_names(), out);
    else if (has_value(entry, out))
      p.run.push_back(entry);
  }
}

void read_section(const yaml_entry& section, profile& p, problem_sink& out) {
  const std::string& name = section.first.text;
  if (name == "flowrun_profile") return read_version(section.second, out);
  if (name == "uses") return read_uses(section.second, p, out);
  if (name == "run") return read_run(section.second, p, out);
  if (name != "sources")
    return refuse(section.first, "a key of a profile", {"flowrun_profile", "uses", "sources", "run"}, out);
  if (expect_map(section.second, "'sources'", out)) p.sources = read_stage_keys(section.second.entries, out);
}

// A profile serves many graphs, each with params of its own.
void refuse_graph_params(yaml_node& node, problem_sink& out) {
  for (std::size_t at = 0; (at = node.text.find("${", at)) != std::string::npos; at += 2) {
    if (at > 0 && node.text[at - 1] == '$') continue;
    out.error("unknown_graph_param", node.at,
              "a profile cannot use a graph's params; write the value itself, or $${ for the characters");
    node.faulty = true;
    break;
  }
  for (yaml_node& item : node.items) refuse_graph_params(item, out);
  for (yaml_entry& entry : node.entries) refuse_graph_params(entry.second, out);
}

void place_in(yaml_node& node, const std::shared_ptr<const std::string>& file) {
  node.at.file = file;
  for (yaml_node& item : node.items) place_in(item, file);
  for (yaml_entry& entry : node.entries) {
    place_in(entry.first, file);
    place_in(entry.second, file);
  }
}

}  // namespace

profile read_profile_text(const std::string& text, const std::string& file, std::vector<problem>& problems) {
  profile p;
  p.file = file;
  problem_sink out(file, {}, problems, {"profile", "`flowrun_profile: 1`"});
  std::optional<yaml_node> root = read_yaml_map(text, out);
  if (root) {
    place_in(*root, std::make_shared<const std::string>(file));
    const std::size_t before = out.errors();
    refuse_graph_params(*root, out);
    if (out.errors() == before) substitute_params(*root, {}, out);  // $${ becomes ${
    bool version = false;
    for (const yaml_entry& section : root->entries) {
      version = version || section.first.text == "flowrun_profile";
      read_section(section, p, out);
    }
    if (!version)
      out.error("missing_key", root->at, "'flowrun_profile' is missing; a profile begins with flowrun_profile: 1");
  }
  sort_problems(problems);
  return p;
}

}  // namespace flowrun::core
