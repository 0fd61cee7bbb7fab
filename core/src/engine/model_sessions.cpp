#include "model_sessions.hpp"

#include <algorithm>

#include "../model/model_identity.hpp"
#include "../model/preprocess.hpp"
#include "open_backend.hpp"
#include "row_ceilings.hpp"

namespace flowrun::core {

static std::string identity(const model_file& m, const opened_model& file, const planned_model& p) {
  return identify_model(m, *p.variant, file.sha256(), p.precision);
}

std::vector<std::string> identify_models(const checked_graph& graph) {
  std::vector<std::string> all(graph.stages.size());
  for (const planned_model& p : choose_files(graph)) {
    auto at = static_cast<std::size_t>(p.stage);
    all[at] =
        identity(graph.stages[at].model.files.at(0), opened_model(graph.stages[at].model.files.at(0), *p.variant), p);
  }
  return all;
}

// " on device cuda:0 (NVIDIA GeForce RTX 5080, 16303 MiB)"; nothing of a device that is no card.
static std::string where(const device_state* on) {
  if (!on || !on->card()) return {};
  return " on device " + on->name() + " (" + on->card()->name() + ", " + std::to_string(on->total() >> 20) + " MiB)";
}

model_sessions::model_sessions(const checked_graph& graph, const stage_catalog& catalog, const gpu_options& gpus,
                               int threads, const std::filesystem::path& cache_folder) {
  model_plan plan = plan_models(graph, gpus, threads);
  identities.resize(graph.stages.size());
  if (plan.models.empty()) return;
  runs.resize(graph.stages.size());
  for (const device_plan& d : plan.devices) {
    devices.push_back(d.state);
    devices.back()->set_pool(d.result.pool, d.result.budget);
    if (d.state->card() && !d.state->card()->doubt().empty())
      notes.push_back("device " + d.state->name() + ": " + d.state->card()->doubt());
  }
  auto ceilings = std::make_shared<row_ceilings>(cache_folder);
  for (const planned_model& p : plan.models) {
    const checked_stage& s = graph.stages[static_cast<std::size_t>(p.stage)];
    const model_file& m = s.model.files.at(0);
    files_.emplace_back(m, *p.variant);
    model_run& run = runs[static_cast<std::size_t>(p.stage)];
    run.file = &m;
    run.put = &put_image;
    for (std::size_t i = 0; i < plan.devices.size(); ++i)
      if (plan.devices[i].device.text == p.device.text) run.on = devices[i];
    run.batch = p.share.batch;
    run.slots = p.share.slots;
    run.lanes = std::max(p.wish.lanes, run.slots);
    run.per_row = p.wish.per_row;
    run.fixed = p.wish.fixed;
    session_options o;
    o.variant = p.variant;
    o.path = files_.back().path();
    o.precision = p.precision;
    o.lanes = run.lanes;
    o.batch = run.batch;
    o.pin = s.model.pin;
    device cpu;
    // The session goes before its backend.
    std::shared_ptr<backend> from = open_backend(catalog, m, *p.variant);
    try {
      std::unique_ptr<session> opened = from->open(m, run.on ? run.on->handle() : cpu, o);
      run.session = std::shared_ptr<session>(opened.release(), [from](session* gone) { delete gone; });
    } catch (const std::exception& e) {
      const std::string place = where(run.on.get());
      throw model_error("model '" + m.name + "' (" + m.file + ")" + place + ": " + e.what() +
                        (place.empty() ? "" : "; or use --device cpu"));
    }
    identities[static_cast<std::size_t>(p.stage)] = identity(m, files_.back(), p);
    const std::string card = run.on && run.on->card() ? " " + run.on->card()->name() : std::string();
    std::string key = m.name + " " + files_.back().sha256() + " | " + p.device.text + card + " | " + p.precision;
    run.ceiling = ceilings->find(key);
    if (run.ceiling > 0 && run.ceiling < run.batch)
      notes.push_back(s.name + ": batches of " + std::to_string(run.ceiling) + " rows instead of " +
                      std::to_string(run.batch) + ": an earlier run found no memory for more");
    run.on_ceiling = [ceilings, key](std::size_t rows) { ceilings->remember(key, rows); };
    if (run.batch < p.wish.batch)
      notes.push_back(s.name + ": batches of " + std::to_string(run.batch) + " rows instead of " +
                      std::to_string(p.wish.batch) + ", to fit the memory of " + p.device.text);
  }
}

}  // namespace flowrun::core
