#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include <flowrun/report.hpp>

namespace flowrun {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(stage_report, name, use, calls, values, skips, errors, retries, cached,
                                                busy_seconds, parallel, peak_parallel, batches, rows, batch,
                                                row_ceiling, out_of_memory, session_seconds, calling_seconds, slots,
                                                peak_slots, shape, device, batch_eighths, wait_seconds, rowless_seconds,
                                                copy_in_seconds, copy_out_seconds, reserved_bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(device_report, name, pool, peak, busy, card, total, budget, samples,
                                                gpu_busy, used, peak_used, others)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(cpu_report, cores, own, others, throttled_seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(failed_item_report, item, source, stage, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(report, exit_code, message, graph, run_directory, read, done, skipped,
                                                failed, cancelled, already, already_failed, replayed, context, missing,
                                                seconds, items_per_second, threads, in_flight, peak_in_flight, ram,
                                                peak_ram, cpu_busy, cpu, limit, stages, devices, first_failures, notes)

std::string to_json(const report& r) {
  return nlohmann::json(r).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

report read_report(const std::string& run_directory) {
  std::string file = run_directory + "/report.json";
  std::ifstream in(file);
  if (!in)
    throw std::runtime_error(file + " cannot be read: the run has not ended yet, or " + run_directory +
                             " is not a run directory");
  try {
    return nlohmann::json::parse(in).get<report>();
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error(file + " is damaged; run the graph again with -o " + run_directory);
  }
}

}  // namespace flowrun
