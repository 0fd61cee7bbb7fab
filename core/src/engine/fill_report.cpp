#include "fill_report.hpp"

#include "../report/find_limit.hpp"

namespace flowrun::core {

static stage_report report_stage(const checked_stage& spec, const stage_numbers& s) {
  stage_report r;
  r.name = spec.name;
  r.use = spec.manifest.use();
  r.calls = s.calls;
  r.values = s.values;
  r.skips = s.skips;
  r.errors = s.errors;
  r.retries = s.retries;
  r.cached = s.cached;
  r.busy_seconds = s.busy_seconds;
  r.parallel = s.parallel;
  r.peak_parallel = s.peak_calls;
  r.batches = s.batches;
  r.rows = s.rows;
  r.batch = s.batch;
  r.row_ceiling = s.ceiling;
  r.out_of_memory = s.out_of_memory;
  r.session_seconds = s.session_seconds;
  r.calling_seconds = s.calling_seconds;
  r.slots = s.slots;
  r.peak_slots = s.peak_slots;
  r.shape = shape_name(spec.manifest.shape);
  r.device = s.device;
  r.batch_eighths = s.eighths;
  r.wait_seconds = s.wait_seconds;
  r.rowless_seconds = s.rowless_seconds;
  r.copy_in_seconds = s.figures.copy_in_seconds;
  r.copy_out_seconds = s.figures.copy_out_seconds;
  r.reserved_bytes = s.figures.reserved_bytes;
  return r;
}

void fill_report(report& r, const checked_graph& graph, const dataflow_numbers& n, double seconds,
                 const std::vector<std::shared_ptr<device_state>>& devices, process_time spent,
                 const run_sampler* sampler) {
  r.read = n.read;
  r.done = n.done;
  r.skipped = n.skipped;
  r.failed = n.failed;
  r.cancelled = n.cancelled;
  r.already = n.already;
  r.replayed = n.replayed;
  r.context = n.context;
  r.peak_in_flight = n.peak_in_flight;
  r.peak_ram = static_cast<std::uint64_t>(n.peak_bytes);
  r.seconds = seconds;
  r.items_per_second = seconds > 0 ? static_cast<double>(n.read) / seconds : 0;
  for (std::size_t i = 0; i < n.stages.size(); ++i) {
    const stage_numbers& s = n.stages[i];
    const checked_stage& spec = graph.stages[i];
    if (spec.manifest.shape == stage_shape::gather) continue;
    r.stages.push_back(report_stage(spec, s));
  }
  for (const auto& d : devices) {
    device_report now;
    now.name = d->name();
    now.pool = d->pool();
    r.devices.push_back(now);
  }
  if (sampler) sampler->fill(r);
  find_limit(r, spent, n.reads_withheld);
  if (!n.largest_item.empty())
    r.notes.push_back("item '" + n.largest_item + "' alone is larger than run.ram (" + std::to_string(r.ram >> 20) +
                      " MiB); raise run.ram");
}

}  // namespace flowrun::core
