#include "read_graph.hpp"

#include <algorithm>

#include "../store/export_formats.hpp"
#include "nearest_name.hpp"
#include "overrides.hpp"
#include "run_keys.hpp"
#include "yaml_values.hpp"

namespace flowrun::core {

namespace {

void read_version(const yaml_node& value, problem_sink& out) {
  if (value.faulty) return;
  if (value.is == yaml_node::kind::null)
    out.error("missing_value", value.at, "'flowrun' has no value; this version reads graph files of version 1");
  else if (to_integer(value) != 1)
    out.error("version", value.at, "'flowrun' is " + show(value) + ", but this version reads graph files of version 1");
}

void read_stages(const yaml_node& value, graph_spec& spec, problem_sink& out) {
  if (!expect_map(value, "'stages'", out)) return;
  if (value.entries.empty()) out.error("no_stages", value.at, "the graph has no stages");
  for (const auto& entry : value.entries) spec.stages.push_back(read_stage(entry.first, entry.second, out));
}

void read_run(const yaml_node& value, graph_spec& spec, problem_sink& out) {
  if (!expect_map(value, "'run'", out)) return;
  const auto known = run_key_names();
  for (const auto& entry : value.entries) {
    const std::string& name = entry.first.text;
    if (find_run_key(name))
      spec.run.push_back(entry);
    else
      out.error("unknown_key", entry.first.at,
                "'" + name + "' is not a run setting; it has: " + list_names(known) + did_you_mean(name, known));
  }
}

void read_keep(const yaml_node& key, const yaml_node& value, graph_spec& spec, problem_sink& out) {
  spec.keep_given = true;
  spec.keep_at = key.at;
  if (value.is == yaml_node::kind::list) {
    for (const yaml_node& item : value.items)
      if (auto ref = read_port_ref(item, "an entry of 'keep'", out)) spec.keep.push_back(std::move(*ref));
  } else if (value.is == yaml_node::kind::map) {
    out.error("wrong_type", value.at, "'keep' must be a list of STAGE or STAGE.PORT, but is a map");
  } else if (auto ref = read_port_ref(value, "'keep'", out)) {
    spec.keep.push_back(std::move(*ref));
  }
}

bool leaves_folder(const std::string& path) {
  return path[0] == '/' || ("/" + path + "/").find("/../") != std::string::npos;
}

void read_exports(const yaml_node& value, graph_spec& spec, problem_sink& out) {
  if (!expect_map(value, "'export'", out)) return;
  const std::vector<std::string>& known = export_formats();
  for (const auto& entry : value.entries) {
    const yaml_node& path = entry.second;
    const std::string& format = entry.first.text;
    if (std::find(known.begin(), known.end(), format) == known.end())
      out.error("unknown_key", entry.first.at,
                "'" + format + "' is not an export format; it has: " + list_names(known) + did_you_mean(format, known));
    else if (!expect_text(path, "'" + format + "'", out))
      continue;
    else if (leaves_folder(path.text))
      out.error("bad_path", path.at, "'" + path.text + "' leaves the run directory; write a path inside it");
    else
      spec.exports.push_back(entry);
  }
}

void read_folders(const std::string& key, const yaml_node& value, std::vector<yaml_node>& to, problem_sink& out) {
  if (value.is != yaml_node::kind::list) {
    if (expect_text(value, "'" + key + "'", out)) to.push_back(value);
    return;
  }
  for (const yaml_node& item : value.items)
    if (expect_text(item, "a folder of '" + key + "'", out)) to.push_back(item);
}

void read_section(const yaml_node& key, const yaml_node& value, graph_spec& spec, problem_sink& out) {
  static const std::vector<std::string> known = {"flowrun", "params",  "run",    "stages", "keep",
                                                 "export",  "plugins", "models", "profile"};
  if (key.text == "flowrun") return read_version(value, out);
  if (key.text == "params") return;  // its values have been put in already
  if (key.text == "run") return read_run(value, spec, out);
  if (key.text == "stages") return read_stages(value, spec, out);
  if (key.text == "keep") return read_keep(key, value, spec, out);
  if (key.text == "export") return read_exports(value, spec, out);
  if (key.text == "plugins") return read_folders("plugins", value, spec.plugin_folders, out);
  if (key.text == "profile") {
    if (expect_text(value, "'profile'", out)) spec.profile = value;
    return;
  }
  if (key.text == all_sources && key.at.line == 0) {
    spec.of_sources = value.entries;
    return;
  }
  if (key.text == "models") return read_folders("models", value, spec.model_folders, out);
  out.error(
      "unknown_key", key.at,
      "'" + key.text + "' is not a key of a graph file; it has: " + list_names(known) + did_you_mean(key.text, known));
}

}  // namespace

void read_graph(const yaml_node& root, graph_spec& spec, problem_sink& out) {
  bool version = false, stages = false;
  for (const auto& entry : root.entries) {
    version = version || entry.first.text == "flowrun";
    stages = stages || entry.first.text == "stages";
    read_section(entry.first, entry.second, spec, out);
  }
  if (!version) out.error("missing_key", root.at, "'flowrun' is missing; a graph file begins with flowrun: 1");
  if (!stages) out.error("missing_key", root.at, "'stages' is missing; a graph has at least one stage");
  spec.readable = !spec.stages.empty();
}

}  // namespace flowrun::core
