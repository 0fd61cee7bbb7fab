#include "outcomes.hpp"

#include <algorithm>

namespace flowrun::core {

void add_value(fingerprint_hash& h, const param_value& value) {
  h.add(static_cast<std::uint64_t>(value.index()));
  std::visit(
      [&h](const auto& v) {
        using V = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<V, std::vector<std::string>> || std::is_same_v<V, std::vector<double>>) {
          h.add(static_cast<std::uint64_t>(v.size()));
          for (const auto& x : v) h.add(x);
        } else {
          h.add(v);
        }
      },
      value);
}

// How many threads or retries a stage gets changes no answer.
std::string fingerprint_alone(const checked_stage& s, const std::string& model) {
  fingerprint_hash h;
  h.add("flowrun stage 1").add(s.manifest.use()).add(static_cast<std::int64_t>(s.manifest.version));
  for (std::size_t i = 0; i < s.params.size(); ++i) {
    if (s.manifest.params[i].listing) continue;  // an item is known by key, size and time, wherever it was found
    if (s.manifest.params[i].content) continue;  // `model` has what is there
    h.add(s.manifest.params[i].name);
    add_value(h, s.params[i]);
  }
  if (!model.empty()) h.add("model").add(model);
  return h.bytes();
}

// Of everything that decides its answer but the item itself: also the fingerprints of what it reads from.
static std::string fingerprint_stage(const checked_stage& s, const std::string& model,
                                     const std::vector<std::string>& earlier) {
  fingerprint_hash h;
  h.add(fingerprint_alone(s, model));
  for (const auto& input : s.inputs) {
    h.add(static_cast<std::uint64_t>(input.size()));
    for (port_index from : input) {
      h.add(earlier[static_cast<std::size_t>(from.stage)]);
      h.add(static_cast<std::int64_t>(from.port));
    }
  }
  if (s.every > 1) h.add("every").add(s.every);
  return h.bytes();
}

// Which item follows which is part of what a stage answers that looks at an item's place in its sequence.
static std::string fingerprint_with_neighbours(const checked_graph& graph, const checked_stage& s, std::string alone) {
  const bool looks = s.manifest.shape == stage_shape::window || s.manifest.serial || s.every > 1;
  if (!looks || s.manifest.shape == stage_shape::gather) return alone;
  fingerprint_hash h;
  h.add(alone);
  for (int source : s.sources) {
    const checked_stage& from = graph.stages[static_cast<std::size_t>(source)];
    for (std::size_t i = 0; i < from.params.size(); ++i) {
      if (!from.manifest.params[i].spacing) continue;
      h.add(from.manifest.params[i].name);
      add_value(h, from.params[i]);
    }
  }
  return h.bytes();
}

int outcome_plan::find(port_index port) const {
  for (std::size_t i = 0; i < where.size(); ++i)
    if (where[i].stage == port.stage && where[i].port == port.port) return static_cast<int>(i);
  return -1;
}

outcome_plan plan_outcomes(const checked_graph& graph, const std::vector<std::string>& models) {
  outcome_plan plan;
  for (std::size_t i = 0; i < graph.stages.size(); ++i)
    plan.stage_fingerprints.push_back(fingerprint_with_neighbours(
        graph, graph.stages[i],
        fingerprint_stage(graph.stages[i], models.empty() ? "" : models[i], plan.stage_fingerprints)));
  for (std::size_t i = 0; i < graph.stages.size(); ++i) {
    const checked_stage& s = graph.stages[i];
    bool gathers = s.manifest.shape == stage_shape::gather;
    outcome o;
    o.stage = s.name;
    o.fingerprint = plan.stage_fingerprints[i];
    for (int source : s.sources) o.sources.push_back(graph.stages[static_cast<std::size_t>(source)].name);
    o.gathered = gathers;
    bool any_kept = false;
    for (std::size_t port = 0; port < s.kept.size(); ++port) {
      if (!s.kept[port]) continue;
      const output_manifest& output = s.manifest.outputs[port];
      o.port = output.name;
      o.label = s.manifest.outputs.size() == 1 ? s.name : s.name + "." + output.name;
      o.type = output.type;
      o.per_item = !gathers || output.per_row;
      o.per_stream = !o.per_item && s.manifest.span == scope::stream;
      plan.outcomes.push_back(o);
      plan.where.push_back({static_cast<int>(i), static_cast<int>(port)});
      any_kept = true;
    }
    // A leaf that keeps nothing is recorded too: resume must know whether it was done.
    if (any_kept || gathers || !s.is_leaf) continue;
    o.port.clear();
    o.label = s.name;
    o.type = {};
    plan.outcomes.push_back(o);
    plan.where.push_back({static_cast<int>(i), -1});
  }
  return plan;
}

}  // namespace flowrun::core
