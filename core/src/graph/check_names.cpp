// Do the stages exist that a graph names: by `use`, and by each other's names?
#include "check_state.hpp"
#include "nearest_name.hpp"

namespace flowrun::core {

std::string stage_text(const stage_draft& s) {
  return "stage '" + s.spec->name + "' (" + s.spec->use + ")";
}

std::string port_text(const graph_state& g, port_index p) {
  const stage_draft& s = g.stages[static_cast<std::size_t>(p.stage)];
  return s.spec->name + "." + s.manifest->outputs[static_cast<std::size_t>(p.port)].name;
}

const type_manifest& type_of(const graph_state& g, port_index p) {
  return g.stages[static_cast<std::size_t>(p.stage)].manifest->outputs[static_cast<std::size_t>(p.port)].type;
}

namespace {

std::string searched_folders(const stage_catalog& catalog) {
  std::vector<std::string> folders;
  for (const auto& f : catalog.searched) folders.push_back(f.string());
  return folders.empty() ? "no plugin folder was found" : "searched: " + list_names(folders);
}

std::vector<std::string> all_uses(const stage_catalog& catalog) {
  std::vector<std::string> uses;
  for (const catalog_plugin& p : catalog.plugins)
    for (const stage_manifest& s : p.manifest.stages) uses.push_back(s.use());
  return uses;
}

void refuse_use(const stage_spec& stage, graph_state& g) {
  const std::string plugin = stage.use.substr(0, stage.use.find('.'));
  std::vector<std::string> names;
  if (const catalog_plugin* p = g.catalog.find_plugin(plugin)) {
    for (const stage_manifest& s : p->manifest.stages) names.push_back(s.name);
    g.out.error("unknown_use", stage.use_at,
                "plugin '" + plugin + "' has no stage '" + stage.use.substr(plugin.size() + 1) +
                    "'; it has: " + list_names(names) + did_you_mean(stage.use, all_uses(g.catalog)));
    return;
  }
  for (const catalog_failure& f : g.catalog.failures)
    if (f.plugin == plugin) {
      g.out.error("plugin_failed", stage.use_at,
                  "there is no '" + stage.use + "': the plugin " + f.library.string() + " cannot be used: " + f.reason);
      return;
    }
  for (const catalog_plugin& p : g.catalog.plugins) names.push_back(p.manifest.name);
  g.out.error("unknown_use", stage.use_at,
              "there is no plugin '" + plugin + "'; there is: " + list_names(names) + " (" +
                  searched_folders(g.catalog) + ")" + did_you_mean(stage.use, all_uses(g.catalog)));
}

}  // namespace

void find_stages(graph_state& g) {
  bool all_known = true, source = false;
  for (const stage_spec& spec : g.spec.stages) {
    stage_draft s;
    s.spec = &spec;
    s.manifest = spec.use.empty() ? nullptr : g.catalog.find(spec.use);
    if (!spec.use.empty() && !s.manifest) refuse_use(spec, g);
    s.whole = spec.whole && s.manifest;
    if (s.manifest) {
      s.inputs.resize(s.manifest->inputs.size());
      s.read.resize(s.manifest->outputs.size());
      s.kept.resize(s.manifest->outputs.size());
      source = source || s.manifest->shape == stage_shape::source;
    }
    all_known = all_known && s.manifest;
    g.stages.push_back(std::move(s));
  }
  if (all_known && !source && !g.stages.empty())
    g.out.error("no_source", g.stages.front().spec->at, "the graph has no source: no stage brings items into it");
}

int find_stage(graph_state& g, const port_ref& ref, const std::string& reader) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < g.stages.size(); ++i) {
    if (g.stages[i].spec->name == ref.stage) return static_cast<int>(i);
    names.push_back(g.stages[i].spec->name);
  }
  g.out.error("unknown_stage", ref.at,
              reader + " names '" + ref.stage + "', but there is no such stage; there is: " + list_names(names) +
                  did_you_mean(ref.stage, names));
  return -1;
}

int find_output(graph_state& g, int stage, const port_ref& ref) {
  const stage_draft& s = g.stages[static_cast<std::size_t>(stage)];
  const auto& outputs = s.manifest->outputs;
  if (outputs.empty()) {
    g.out.error("no_output", ref.at, stage_text(s) + " is a " + shape_name(s.manifest->shape) + " and has no outputs");
    return -1;
  }
  if (ref.port.empty() && outputs.size() == 1) return 0;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].name == ref.port) return static_cast<int>(i);
    names.push_back(outputs[i].name);
  }
  if (ref.port.empty())
    g.out.error(
        "several_outputs", ref.at,
        stage_text(s) + " has several outputs: " + list_names(names) + "; write " + s.spec->name + "." + names.front());
  else
    g.out.error("unknown_port", ref.at,
                stage_text(s) + " has no output '" + ref.port + "'; it has: " + list_names(names) +
                    did_you_mean(ref.port, names));
  return -1;
}

}  // namespace flowrun::core
