#include <flowrun/plan.hpp>

#include "../plan/process_limits.hpp"
#include "default_in_flight.hpp"
#include "loaded_graph.hpp"
#include "model_sessions.hpp"

namespace flowrun {

using namespace core;

bool plan_report::ok() const {
  if (!problem.empty()) return false;
  for (const planned_device& d : devices)
    if (!d.problem.empty()) return false;
  return true;
}

plan_report plan_graph(const graph& g, int threads) {
  const loaded_graph& loaded = engine_access::of(g);
  const checked_graph& graph = loaded.checked;
  plan_report r;
  r.threads = threads > 0 ? threads : graph.run.threads > 0 ? graph.run.threads : usable_cores();
  try {
    std::vector<std::string> refused;
    model_plan plan = plan_models(graph, loaded.gpus, r.threads, &refused);
    std::vector<model_run> runs(plan.models.empty() ? 0 : graph.stages.size());
    for (const planned_model& p : plan.models) {
      const checked_stage& s = graph.stages[static_cast<std::size_t>(p.stage)];
      std::string models, precisions;
      for (const planned_file& f : p.files) {
        models += (models.empty() ? "" : ", ") + f.model->name;
        if (precisions.find(f.precision) == std::string::npos)
          precisions += (precisions.empty() ? "" : ", ") + f.precision;
      }
      const bool batched = s.manifest.shape == stage_shape::model;
      r.stages.push_back({s.name, s.manifest.use(), models, p.device.text, precisions, p.wish.batch, p.share.batch,
                          p.share.slots, p.wish.lanes, p.wish.resident, p.share.workspace, batched});
      model_run& run = runs[static_cast<std::size_t>(p.stage)];
      if (batched)
        run.file = p.files[0].model;
      else
        run.networks.resize(p.files.size());
      run.batch = p.share.batch;
      run.slots = p.share.slots;
    }
    for (const device_plan& d : plan.devices)
      r.devices.push_back({d.device.text, d.device.memory, d.result.budget, d.result.residents, d.result.pool,
                           d.result.fits ? "" : d.result.problem, d.state->card() ? d.state->card()->name() : ""});
    r.in_flight = graph.run.in_flight > 0 ? graph.run.in_flight : default_in_flight(graph, runs, r.threads);
  } catch (const model_error& e) {
    r.problem = e.what();
  }
  return r;
}

}  // namespace flowrun
