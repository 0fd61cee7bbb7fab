#include "model_sessions.hpp"

#include <algorithm>

#include "../model/model_identity.hpp"
#include "../model/preprocess.hpp"
#include "open_backend.hpp"

namespace flowrun::core {

// Of one model as it always was; of several with their names.
static std::string identity(const std::vector<std::string>& names, const std::vector<std::string>& each) {
  if (each.size() == 1) return each[0];
  std::string all;
  for (std::size_t i = 0; i < each.size(); ++i) all += (i ? "\n" : "") + names[i] + " = " + each[i];
  return all;
}

static std::vector<std::string> model_names(const checked_stage& s) {
  std::vector<std::string> names;
  for (const model_manifest& m : s.manifest.models) names.push_back(m.name);
  return names;
}

std::vector<std::string> identify_models(const checked_graph& graph, const gpu_options& gpus) {
  std::vector<std::string> all(graph.stages.size());
  for (const planned_model& p : choose_files(graph, gpus)) {
    auto at = static_cast<std::size_t>(p.stage);
    std::vector<std::string> each;
    for (const planned_file& f : p.files)
      each.push_back(identify_model(*f.model, *f.variant, opened_model(*f.model, *f.variant).sha256(), f.precision));
    all[at] = identity(model_names(graph.stages[at]), each);
  }
  return all;
}

// " on device cuda:0 (NVIDIA GeForce RTX 5080, 16303 MiB)"; nothing of a device that is no card.
static std::string where(const device_state* on) {
  if (!on || !on->card()) return {};
  return " on device " + on->name() + " (" + on->card()->name() + ", " + std::to_string(on->total() >> 20) + " MiB)";
}

std::shared_ptr<held_session> model_sessions::open(const planned_model& p, std::size_t model, const model_run& run,
                                                   const stage_catalog& catalog, bool pin,
                                                   const process_options* process) {
  const planned_file& f = p.files[model];
  const model_file& m = *f.model;
  files_.emplace_back(m, *f.variant);
  session_options o;
  o.variant = f.variant;
  o.path = files_.back().path();
  o.precision = f.precision;
  o.lanes = run.lanes;
  o.batch = run.file ? run.batch : f.rows;
  o.pin = pin;
  o.stay = !run.file;
  std::shared_ptr<backend> from = open_backend(catalog, m, *f.variant, process);
  try {
    return std::make_shared<held_session>(from, from->open(m, run.on ? run.on->handle() : device(), o));
  } catch (const std::exception& e) {
    const std::string place = where(run.on.get());
    throw model_error("model '" + m.name + "' (" + m.file + ")" + place + ": " + e.what() +
                      (place.empty() ? "" : "; or use --device cpu"));
  }
}

// How many rows an earlier run found to be the most.
void model_sessions::note_ceiling(const checked_stage& s, const planned_model& p, model_run& run,
                                  const std::string& sha256, const std::shared_ptr<row_ceilings>& ceilings) {
  const std::string card = run.on && run.on->card() ? " " + run.on->card()->name() : std::string();
  std::string key = run.file->name + " " + sha256 + " | " + p.device.text + card + " | " + p.files[0].precision;
  run.ceiling = ceilings->find(key);
  if (run.ceiling > 0 && run.ceiling < run.batch)
    notes.push_back(s.name + ": batches of " + std::to_string(run.ceiling) + " rows instead of " +
                    std::to_string(run.batch) + ": an earlier run found no memory for more");
  run.on_ceiling = [ceilings, key](std::size_t rows) { ceilings->remember(key, rows); };
  if (run.batch < p.wish.batch)
    notes.push_back(s.name + ": batches of " + std::to_string(run.batch) + " rows instead of " +
                    std::to_string(p.wish.batch) + ", to fit the memory of " + p.device.text);
}

model_sessions::model_sessions(const checked_graph& graph, const stage_catalog& catalog, const gpu_options& gpus,
                               int threads, const std::filesystem::path& cache_folder, bool adjust_process) {
  const process_options process{threads};
  model_plan plan = plan_models(graph, gpus, threads);
  identities.resize(graph.stages.size());
  if (plan.models.empty()) return;
  runs.resize(graph.stages.size());
  std::vector<std::uint64_t> pools;  // by device: its plan's number
  for (const device_plan& d : plan.devices) {
    devices.push_back(d.state);
    pools.push_back(d.state->set_pool(d.result.pool, d.result.budget));
    if (d.state->card() && !d.state->card()->doubt().empty())
      notes.push_back("device " + d.state->name() + ": " + d.state->card()->doubt());
  }
  auto ceilings = std::make_shared<row_ceilings>(cache_folder);
  for (const planned_model& p : plan.models) {
    const checked_stage& s = graph.stages[static_cast<std::size_t>(p.stage)];
    model_run& run = runs[static_cast<std::size_t>(p.stage)];
    std::uint64_t pool = 0;
    for (std::size_t i = 0; i < plan.devices.size(); ++i) {
      if (plan.devices[i].device.text != p.device.text) continue;
      run.on = devices[i];
      pool = pools[i];
    }
    run.batch = p.share.batch;
    run.slots = p.share.slots;
    run.lanes = std::max(p.wish.lanes, run.slots);
    run.per_row = p.wish.per_row;
    run.fixed = p.wish.fixed;
    if (s.manifest.shape == stage_shape::model) {
      run.file = p.files.at(0).model;
      run.put = &put_image;
    }
    std::vector<std::shared_ptr<held_session>> opened;
    std::vector<std::string> each;
    for (std::size_t i = 0; i < p.files.size(); ++i) {
      const planned_file& f = p.files[i];
      opened.push_back(open(p, i, run, catalog, s.model.pin, adjust_process ? &process : nullptr));
      each.push_back(identify_model(*f.model, *f.variant, files_.back().sha256(), f.precision));
      if (run.file)
        run.session = opened[0];
      else
        run.networks.push_back({s.manifest.models[i].name, {f.model, &put_image}, opened[i], f.rows});
    }
    run.release = [opened, on = run.on, pool, bytes = p.wish.resident] {
      for (const auto& one : opened) one->release();
      if (on) on->grow_pool(pool, bytes);  // after the bytes are really free
    };
    identities[static_cast<std::size_t>(p.stage)] = identity(model_names(s), each);
    if (run.file && run.file->stream_state && s.model.lanes > 1)
      notes.push_back(s.name + ": one call at a time instead of " + std::to_string(s.model.lanes) + ": the model '" +
                      run.file->name + "' keeps a state by stream");
    if (run.file) note_ceiling(s, p, run, files_.back().sha256(), ceilings);
  }
}

}  // namespace flowrun::core
