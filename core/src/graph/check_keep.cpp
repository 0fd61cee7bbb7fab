// Which outputs are kept: those the graph names, or else every leaf that can be; and what gathers read, always.
#include "check_state.hpp"
#include "nearest_name.hpp"

namespace flowrun::core {

namespace {

void keep_port(graph_state& g, port_index p, const port_ref& ref) {
  stage_draft& s = g.stages[static_cast<std::size_t>(p.stage)];
  if (s.kept[static_cast<std::size_t>(p.port)])
    g.out.error("repeated_port", ref.at, "'keep' names " + port_text(g, p) + " twice");
  s.kept[static_cast<std::size_t>(p.port)] = true;
}

void keep_stage(graph_state& g, int stage, const port_ref& ref) {
  const stage_draft& s = g.stages[static_cast<std::size_t>(stage)];
  bool any = false;
  std::string types;
  for (std::size_t i = 0; i < s.manifest->outputs.size(); ++i) {
    const output_manifest& o = s.manifest->outputs[i];
    types += (types.empty() ? "" : ", ") + o.name + " (" + o.type.name + ")";
    if (!o.type.keepable()) continue;
    any = true;
    keep_port(g, {stage, static_cast<int>(i)}, ref);
  }
  if (!any)
    g.out.error("keep_without_fields", ref.at,
                stage_text(s) + " cannot be kept: none of its outputs declares fields: " + types);
}

void keep_named(graph_state& g, const port_ref& ref) {
  const int stage = find_stage(g, ref, "'keep'");
  if (stage < 0 || !g.stages[static_cast<std::size_t>(stage)].manifest) return;
  const stage_draft& s = g.stages[static_cast<std::size_t>(stage)];
  if (ref.port.empty() && !s.manifest->outputs.empty()) return keep_stage(g, stage, ref);
  const int port = find_output(g, stage, ref);
  if (port < 0) return;
  const port_index p{stage, port};
  if (type_of(g, p).keepable())
    keep_port(g, p, ref);
  else
    g.out.error("keep_without_fields", ref.at,
                port_text(g, p) + " cannot be kept: " + type_of(g, p).name + " declares no fields");
}

void keep_leaves(graph_state& g) {
  for (stage_draft& s : g.stages)
    for (std::size_t i = 0; i < s.kept.size(); ++i)
      if (!s.read[i] && s.manifest->outputs[i].type.keepable()) s.kept[i] = true;
}

void keep_for_gathers(graph_state& g) {
  for (stage_draft& s : g.stages) {
    if (!s.manifest || s.manifest->shape != stage_shape::gather) continue;
    for (std::size_t i = 0; i < s.kept.size(); ++i)
      if (s.manifest->outputs[i].type.keepable()) s.kept[i] = true;
    for (const auto& input : s.inputs)
      for (const linked_port& p : input) {
        g.stages[static_cast<std::size_t>(p.from.stage)].kept[static_cast<std::size_t>(p.from.port)] = true;
        if (!type_of(g, p.from).keepable())
          g.out.error("gather_without_fields", p.at,
                      stage_text(s) + " gathers " + port_text(g, p.from) + ", but " + type_of(g, p.from).name +
                          " declares no fields, so its values cannot be kept");
      }
  }
}

void refuse_storing(graph_state& g) {
  constexpr const char* why = " needs the store, but the run has store: none";
  if (g.spec.keep_given && !g.spec.keep.empty()) g.out.error("store_none", g.spec.keep_at, std::string("'keep'") + why);
  for (const stage_draft& s : g.stages)
    if (s.manifest && s.manifest->shape == stage_shape::gather)
      g.out.error("store_none", s.spec->use_at, stage_text(s) + " is a gather and" + why);
  for (const auto& e : g.spec.exports) g.out.error("store_none", e.first.at, "the export '" + e.first.text + "'" + why);
}

}  // namespace

void choose_kept(graph_state& g) {
  if (!g.run.store) return refuse_storing(g);
  if (g.spec.keep_given)
    for (const port_ref& ref : g.spec.keep) keep_named(g, ref);
  else
    keep_leaves(g);
  keep_for_gathers(g);
}

void find_unused(graph_state& g) {
  if (!g.run.store) return;              // then nothing is kept, and the user knows
  for (const stage_draft& s : g.stages)  // a live run's results hold what nobody reads
    if (const in_process_stage* own = g.catalog.find_in_process(s.spec->use); own && own->is_input) return;
  for (const stage_draft& s : g.stages) {
    if (!s.manifest || s.manifest->outputs.empty()) continue;
    bool used = false;
    std::string why;
    for (std::size_t i = 0; i < s.kept.size(); ++i) {
      used = used || s.read[i] || s.kept[i];
      const output_manifest& o = s.manifest->outputs[i];
      why += (why.empty() ? "'" : ", '") + o.name + "'";
      why += o.type.keepable() ? " is not in 'keep'" : " (" + o.type.name + ") cannot be kept";
    }
    if (!used) g.out.warn("unused_output", s.spec->at, "nothing uses " + stage_text(s) + ": no stage reads it; " + why);
  }
}

}  // namespace flowrun::core
