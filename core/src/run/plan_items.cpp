#include "plan_items.hpp"

#include <algorithm>
#include <set>

#include "../plan/cpu_plan.hpp"

namespace flowrun::core {

static bool is_gather(const checked_stage& s) {
  return s.manifest.shape == stage_shape::gather;
}

static turn_rule order_of(const checked_stage& s) {
  if (s.manifest.shape == stage_shape::source || is_gather(s)) return turn_rule::none;
  if (s.manifest.shape == stage_shape::window) return turn_rule::by_stream;
  if (s.manifest.serial) return s.manifest.span == scope::run ? turn_rule::by_run : turn_rule::by_stream;
  return s.keep_order ? turn_rule::by_run : turn_rule::none;
}

static int parallel_of(const checked_stage& s, int threads, int streams) {
  int most = cpu_plan(threads);
  if (order_of(s) == turn_rule::by_run) return 1;
  // One at a time per stream.
  if (s.manifest.serial) return std::min(most, streams);
  if (s.parallel > 0) return std::min(s.parallel, threads);
  if (s.manifest.parallel > 0) return std::min(s.manifest.parallel, most);
  return most;
}

// That may be read at once: a source of stills is one stream, and of sequences there are as many as it has lanes.
static int most_streams(const run_state& run, const std::vector<const stage_info*>& code, const checked_stage& s) {
  int streams = 0;
  for (int source : s.sources) {
    auto at = static_cast<std::size_t>(source);
    streams += code.at(at) && code[at]->open_sequence ? 1 + run.stages[at].parallel : 1;
  }
  return streams;
}

static source_plan plan_source(const run_state& run, int source) {
  source_plan plan;
  plan.reaches.resize(run.stages.size());
  plan.waiting.resize(run.stages.size());
  plan.input_values.resize(run.stages.size());
  plan.readers.resize(run.value_stage.size());
  for (std::size_t i = 0; i < run.stages.size(); ++i) {
    const checked_stage& spec = run.graph.stages[i];
    if (is_gather(spec)) continue;
    plan.reaches[i] = std::find(spec.sources.begin(), spec.sources.end(), source) != spec.sources.end();
    if (!plan.reaches[i]) continue;
    std::set<int> heard_from;
    for (const auto& input : spec.inputs) {
      int value = -1;
      for (port_index from : input) {
        if (!plan.reaches[static_cast<std::size_t>(from.stage)]) continue;
        value = run.stages[static_cast<std::size_t>(from.stage)].first_value + from.port;
        heard_from.insert(from.stage);
        ++plan.readers[static_cast<std::size_t>(value)];
      }
      plan.input_values[i].push_back(value);
    }
    plan.waiting[i] = static_cast<int>(heard_from.size());
    for (std::size_t o = 0; o < spec.kept.size(); ++o)
      if (spec.kept[o]) ++plan.readers[static_cast<std::size_t>(run.stages[i].first_value) + o];
  }
  return plan;
}

void plan_items(run_state& run, const std::vector<const stage_info*>& code) {
  run.stages.resize(run.graph.stages.size());
  for (std::size_t i = 0; i < run.stages.size(); ++i) {
    const checked_stage& spec = run.graph.stages[i];
    if (spec.inputs.size() > most_ports || spec.manifest.outputs.size() > most_ports)
      throw start_error("stage '" + spec.name + "' has more than " + std::to_string(most_ports) +
                            " inputs or outputs; bundle some in one type",
                        70);
    stage_state& s = run.stages[i];
    s.index = static_cast<int>(i);
    s.spec = &spec;
    s.code = is_gather(spec) ? nullptr : code.at(i);
    s.first_value = static_cast<int>(run.value_stage.size());
    s.outputs = static_cast<int>(spec.manifest.outputs.size());
    run.value_stage.insert(run.value_stage.end(), static_cast<std::size_t>(s.outputs), s.index);
    s.order = order_of(spec);
    s.parallel = parallel_of(spec, run.options.threads, most_streams(run, code, spec));
    if (!run.options.caches.empty()) s.cache = run.options.caches[i].get();
    if (!run.options.needed_for_replay.empty()) s.needed_for_replay = run.options.needed_for_replay[i];
    if (spec.manifest.shape == stage_shape::model) {
      s.model = std::make_unique<batcher>(run.options.models.at(i));
      s.model_index = static_cast<int>(run.models.size());
      run.models.push_back(s.index);
      if (s.model->setup.release) s.life = std::make_unique<session_life>();
    }
    if (spec.manifest.shape == stage_shape::device) {
      s.device = std::make_unique<device_stage>(run.options.models.at(i));
      s.parallel = s.device->setup.slots;
      if (s.device->setup.release) s.life = std::make_unique<session_life>();
    }
    if (s.order == turn_rule::by_run) s.run_order = std::make_unique<turnstile>();
    if (spec.manifest.shape == stage_shape::source) run.sources.push_back(s.index);
    if (is_gather(spec)) continue;
    std::set<int> reads;
    for (const auto& input : spec.inputs)
      for (port_index from : input) reads.insert(from.stage);
    for (int from : reads) run.stages[static_cast<std::size_t>(from)].successors.push_back(s.index);
  }
  for (stage_state& s : run.stages) {
    bool kept = std::find(s.spec->kept.begin(), s.spec->kept.end(), true) != s.spec->kept.end();
    s.matters = s.code && (kept || s.successors.empty());
  }
  run.plans.resize(run.stages.size());
  for (int source : run.sources) run.plans[static_cast<std::size_t>(source)] = plan_source(run, source);
  run.source_ended.assign(run.stages.size(), false);
  run.passed_over.assign(run.stages.size(), 0);
  run.sets.resize(run.stages.size());
  run.active.resize(run.stages.size());
  run.being_read = std::make_unique<std::atomic<std::size_t>[]>(run.stages.size());
  run.held_back.resize(run.stages.size());
  run.list_over.assign(run.stages.size(), false);
  run.listed = std::make_unique<std::atomic<std::uint64_t>[]>(run.stages.size());
  run.strict = run.graph.run.max_items > 0;
  const bool sequences =
      std::any_of(code.begin(), code.end(), [](const stage_info* c) { return c && c->open_sequence; });
  run.turns_meet = sequences && std::any_of(run.stages.begin(), run.stages.end(),
                                            [](const stage_state& s) { return s.order != turn_rule::none; });
  for (const checked_stage& s : run.graph.stages) {
    run.strict = run.strict || s.max_items > 0;
    // One memory over all streams is the same in every run only if they always come in the same order.
    if (s.manifest.serial && s.manifest.span == scope::run && !is_gather(s)) run.strict = run.strict || sequences;
    if (s.manifest.shape != stage_shape::window) continue;
    for (port_index from : s.inputs.at(0)) run.stages[static_cast<std::size_t>(from.stage)].feeds_windows = true;
  }
}

}  // namespace flowrun::core
