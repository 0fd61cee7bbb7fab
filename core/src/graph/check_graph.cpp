#include "check_graph.hpp"

#include <algorithm>

#include "check_state.hpp"
#include "resolved_yaml.hpp"
#include "run_keys.hpp"

namespace flowrun::core {

namespace {

// Stages change places from file order to running order.
checked_stage fill_stage(const stage_draft& s, const std::vector<int>& place) {
  checked_stage c = s.settings;
  c.name = s.spec->name;
  c.manifest = *s.manifest;
  for (const model_file& m : c.model.files) c.manifest.serial = c.manifest.serial || m.stream_state;
  c.kept = s.kept;
  for (const auto& input : s.inputs) {
    std::vector<port_index> ports;
    for (const linked_port& p : input) ports.push_back({place[static_cast<std::size_t>(p.from.stage)], p.from.port});
    c.inputs.push_back(std::move(ports));
  }
  for (int source : s.sources) c.sources.push_back(place[static_cast<std::size_t>(source)]);
  std::sort(c.sources.begin(), c.sources.end());
  c.is_leaf = std::find(s.read.begin(), s.read.end(), true) == s.read.end();
  return c;
}

checked_graph fill(const graph_state& g) {
  checked_graph graph;
  graph.file = g.spec.file;
  graph.run = g.run;
  std::vector<int> place(g.stages.size(), -1);
  for (std::size_t i = 0; i < g.order.size(); ++i) place[static_cast<std::size_t>(g.order[i])] = static_cast<int>(i);
  for (int index : g.order) graph.stages.push_back(fill_stage(g.stages[static_cast<std::size_t>(index)], place));
  for (const auto& e : g.spec.exports) graph.exports.push_back({e.first.text, e.second.text});
  graph.resolved_yaml = write_resolved(graph, g.spec.plugin_folders, g.spec.model_folders);
  return graph;
}

}  // namespace

checked_graph check_graph(const graph_spec& spec, const stage_catalog& catalog, const model_catalog& models,
                          std::vector<problem>& problems, const profile_choice& profiles) {
  if (!spec.readable) return {};
  problem_sink out(spec.file, spec.overrides, problems);
  graph_state g{spec, catalog, models, profiles, out, {}, {}, {}};
  g.run = read_run_settings(effective_run(spec.run, profiles), out);
  find_stages(g);
  check_settings(g);
  find_models(g);
  link_inputs(g);
  order_stages(g);
  check_sources(g);
  choose_kept(g);
  check_caches(g);
  const bool usable = !any_error(problems);
  if (usable) find_unused(g);
  sort_problems(problems);
  return usable ? fill(g) : checked_graph{};
}

}  // namespace flowrun::core
