// Device, files, batch and slots of every model stage and device stage.
#include <algorithm>

#include "../plan/vram_slot.hpp"
#include "choose_variant.hpp"
#include "model_sessions.hpp"

namespace flowrun::core {

namespace {

constexpr std::size_t usual_batch = 16;
constexpr int usual_device_lanes = 2;  // one computes while the next is prepared

std::string who(const checked_stage& s) {
  return "stage '" + s.name + "' (" + s.manifest.use() + ")";
}

// A CUDA device has one name, however it is written: two would share it out twice.
device_spec device_of(const checked_graph& graph, const checked_stage& s) {
  std::string text = s.model.device.empty() ? graph.run.device : s.model.device;
  if (text.empty()) text = "cpu";
  std::string fault;
  std::optional<device_spec> spec = read_device(text, fault);
  if (!spec) throw model_error(who(s) + ": " + fault);
  if (spec->kind == "cuda") spec->text = "cuda:" + std::to_string(spec->index);
  return *spec;
}

std::string precision_of(const checked_stage& s, const model_file& m, const model_variant& v) {
  std::vector<std::string> has = v.precisions.empty() ? std::vector<std::string>{"fp32"} : v.precisions;
  if (s.model.precision == "auto") return has.front();
  if (std::find(has.begin(), has.end(), s.model.precision) != has.end()) return s.model.precision;
  std::string list;
  for (const std::string& p : has) list += (list.empty() ? "" : ", ") + p;
  throw model_error(who(s) + ": the model '" + m.name + "' has no file of precision " + s.model.precision +
                    "; it has: " + list);
}

std::size_t batch_of(const checked_stage& s, const model_variant& v, const device_spec& device) {
  std::size_t batch = usual_batch;
  if (s.model.batch > 0) {
    batch = static_cast<std::size_t>(s.model.batch);
  } else if (s.manifest.models[0].batch > 0) {
    batch = static_cast<std::size_t>(s.manifest.models[0].batch);
  } else {
    for (const auto_batch& a : auto_batches(device.kind == "cpu" ? 0 : device.memory))
      if (a.use == s.manifest.use()) batch = a.batch;
  }
  if (v.batch_high > 0) batch = std::min(batch, v.batch_high);
  return std::max(batch, v.batch_low);
}

bool is_device_stage(const checked_stage& s) {
  return s.manifest.shape == stage_shape::device;
}

bool runs_models(const checked_stage& s) {
  return s.manifest.shape == stage_shape::model || is_device_stage(s);
}

variant_place find_place(const checked_stage& s, const model_file& m, const device_spec& device,
                         const gpu_options& gpus) {
  try {
    return describe_place(m, device, gpus);
  } catch (const std::runtime_error& e) {
    throw model_error(who(s) + ": " + e.what());
  }
}

// The files and precisions of a stage's models, on the device it is for.
planned_model choose_file(const checked_graph& graph, const gpu_options& gpus, int stage) {
  const checked_stage& s = graph.stages[static_cast<std::size_t>(stage)];
  planned_model p;
  p.stage = stage;
  p.device = device_of(graph, s);
  for (std::size_t i = 0; i < s.model.files.size(); ++i) {
    const model_file& m = s.model.files[i];
    planned_file f;
    f.model = &m;
    const variant_place place = find_place(s, m, p.device, gpus);
    f.variant = choose_variant(m, place, s.model.precision);
    if (!f.variant)
      throw model_error(who(s) + ": the model '" + m.name + "' (" + m.file + ") has no file for device " + place.text +
                        "; it has files for: " + list_targets(m));
    f.precision = precision_of(s, m, *f.variant);
    f.rows = static_cast<std::size_t>(std::max(1, s.manifest.models[i].batch));
    p.files.push_back(std::move(f));
  }
  return p;
}

// Calls at once: one where the rows of a stream have to follow each other. `parallel` of a device stage, or its
// author's, is another word for it.
int lanes_of(const checked_stage& s, bool on_cpu, int threads) {
  if (s.model.files.at(0).stream_state) return 1;
  int lanes = s.model.lanes > 0 ? s.model.lanes : on_cpu ? threads : usual_device_lanes;
  if (!is_device_stage(s)) return lanes;
  for (int most : {s.parallel, s.manifest.parallel})
    if (most > 0) lanes = std::min(lanes, most);
  return lanes;
}

// Where the stage's device is: among those already found, or found now. Null: the CPU.
const device_plan* find_device(model_plan& plan, const planned_model& p, const checked_stage& s,
                               const gpu_options& gpus) {
  if (p.device.kind == "cpu") return nullptr;
  for (const device_plan& d : plan.devices)
    if (d.device.text == p.device.text) return &d;
  std::string fault;
  std::shared_ptr<device_state> state = share_device(p.device, gpus, fault);
  if (!state) throw model_error(who(s) + ": device " + p.device.text + ": " + fault);
  device_spec spec = p.device;
  spec.memory = state->total();
  plan.devices.push_back({spec, std::move(state), {}});
  return &plan.devices.back();
}

planned_model plan_one(const checked_graph& graph, const gpu_options& gpus, int stage, int threads, model_plan& plan) {
  const checked_stage& s = graph.stages[static_cast<std::size_t>(stage)];
  planned_model p = choose_file(graph, gpus, stage);
  if (const device_plan* d = find_device(plan, p, s, gpus)) p.device = d->device;
  const bool on_cpu = p.device.kind == "cpu";
  p.wish.stage = s.name;
  for (const planned_file& f : p.files) {
    const model_needs& needs = f.model->needs;
    if (!on_cpu && !needs.known)
      throw model_error(who(s) + ": the model '" + f.model->name + "' (" + f.model->file +
                        ") does not say how much memory it needs; add needs: {resident: ..., per_row: ...}");
    p.wish.resident = add_bytes(p.wish.resident, needs.resident);
    p.wish.fixed = add_bytes(p.wish.fixed, needs.fixed);
    // What the networks of a device stage leave on the device may be there at once.
    if (is_device_stage(s))
      p.wish.fixed = add_bytes(p.wish.fixed, times_bytes(f.rows, needs.per_row));
    else
      p.wish.per_row = needs.per_row;
    p.wish.half_possible = p.wish.half_possible || (f.precision == "fp32" && f.variant->precisions.size() > 1);
  }
  p.wish.batched = !is_device_stage(s);
  p.wish.batch = is_device_stage(s) ? 1 : batch_of(s, *p.files.at(0).variant, p.device);
  p.wish.lanes = lanes_of(s, on_cpu, threads);
  // On the CPU there is no pool: memory is the run's `ram`.
  p.share = {p.wish.batch, p.wish.lanes, p.wish.fixed + p.wish.batch * p.wish.per_row};
  return p;
}

}  // namespace

std::vector<planned_model> choose_files(const checked_graph& graph, const gpu_options& gpus) {
  std::vector<planned_model> all;
  for (std::size_t i = 0; i < graph.stages.size(); ++i)
    if (runs_models(graph.stages[i])) all.push_back(choose_file(graph, gpus, static_cast<int>(i)));
  return all;
}

model_plan plan_models(const checked_graph& graph, const gpu_options& gpus, int threads,
                       std::vector<std::string>* refused) {
  model_plan plan;
  for (std::size_t i = 0; i < graph.stages.size(); ++i)
    if (runs_models(graph.stages[i])) plan.models.push_back(plan_one(graph, gpus, static_cast<int>(i), threads, plan));
  for (device_plan& d : plan.devices) {
    std::vector<vram_wish> wishes;
    for (const planned_model& p : plan.models)
      if (p.device.text == d.device.text) wishes.push_back(p.wish);
    vram_budget budget;
    budget.total = d.device.memory;
    budget.free = d.state->free();
    budget.cap = graph.run.vram;
    d.result = plan_vram(budget, wishes);
    if (!d.result.fits) {
      std::string text = "device " + d.device.text + ": " + d.result.problem;
      if (!refused) throw model_error(text);
      refused->push_back(text);
      continue;
    }
    std::size_t k = 0;
    for (planned_model& p : plan.models)
      if (p.device.text == d.device.text) p.share = d.result.shares.at(k++);
  }
  return plan;
}

}  // namespace flowrun::core
