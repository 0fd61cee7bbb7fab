// What a run did, as plain data, and what a run directory says afterwards.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "api.hpp"

namespace flowrun {

struct stage_report {
  std::string name, use;
  std::uint64_t calls = 0, values = 0, skips = 0, errors = 0, retries = 0;
  std::uint64_t cached = 0;  // answers taken from an earlier call, of any run
  double busy_seconds = 0;   // of all its threads together
  int parallel = 0;          // calls at once the plan allows
  int peak_parallel = 0;     // and the most there were
  // Of a model stage:
  std::uint64_t batches = 0, rows = 0;
  std::uint64_t batch = 0, row_ceiling = 0;  // rows of a batch: planned, and what the memory allowed in the end
  std::uint64_t out_of_memory = 0;           // times the device's memory ran out
  double session_seconds = 0;                // of all its lanes together
  double calling_seconds = 0;                // in which at least one of its lanes called the model
  int slots = 0, peak_slots = 0;             // batches on the device at once: planned, and the most there were
  std::string shape;                         // "source", "transform", "model", ...
  // Of a model stage again:
  std::string device;                        // "cpu", "cuda:0"
  std::vector<std::uint64_t> batch_eighths;  // how many batches had up to 1/8, 2/8, ... of the planned rows
  double wait_seconds = 0;                   // batches waited for a slot and for memory of the device, together
  double rowless_seconds = 0;                // there was no batch: the device waited for rows
  // As far as the backend measures it:
  double copy_in_seconds = 0, copy_out_seconds = 0;  // between host and device, of all lanes together
  // The most memory a session of it held there, with the weights; on CUDA all sessions of the process together.
  std::uint64_t reserved_bytes = 0;
};

struct device_report {
  std::string name;
  std::uint64_t pool = 0, peak = 0;     // bytes for batches: planned, and the most taken; more where weights went early
  double busy = 0;                      // 0..1, share of the time in which at least one batch ran
  std::string card;                     // a GPU's name; empty: a simulated device
  std::uint64_t total = 0, budget = 0;  // bytes: of the device, and the run's part, weights included
  // Of a GPU as its driver tells, of a simulated device as it is; read some four times a second.
  std::uint64_t samples = 0;              // how often; 0: the bytes that follow are not known
  double gpu_busy = -1;                   // 0..1 on average; -1: not known
  std::uint64_t used = 0, peak_used = 0;  // bytes of all programs: at the end, and the most there were
  std::uint64_t others = 0;               // the most that other programs held
};

// The cores this process may use, by affinity and cgroup quota.
struct cpu_report {
  double cores = 0;              // a quota may be a fraction; 0: not measured
  double own = 0, others = 0;    // 0..1 of their time: this process, and all others
  double throttled_seconds = 0;  // the quota stopped the process's cgroup
};

struct failed_item_report {
  std::string item, source, stage, reason;  // UTF-8; other bytes of a key, and its %, as %XX
};

struct report {
  int exit_code = 0;
  std::string message;  // why it did not end as it should; empty: it did
  std::string graph, run_directory;
  // read = done + skipped + failed + cancelled
  std::uint64_t read = 0, done = 0, skipped = 0, failed = 0, cancelled = 0;
  // Not part of it: finished by an earlier run; run again only for their place in a serial stage, or beside the item
  // after them in a window; no longer listed.
  std::uint64_t already = 0, already_failed = 0, replayed = 0, context = 0, missing = 0;
  double seconds = 0;  // from the first item to the last commit
  double items_per_second = 0;
  int threads = 0, in_flight = 0, peak_in_flight = 0;
  std::uint64_t ram = 0, peak_ram = 0;  // bytes of values: the bound and the most there were
  double cpu_busy = 0;                  // 0..1, share of threads x seconds that stages worked
  cpu_report cpu;                       // the same of the cores, and what others took of them
  std::string limit;                    // which resource limits the run, and what to try, in words
  std::vector<stage_report> stages;
  std::vector<device_report> devices;
  std::vector<failed_item_report> first_failures;  // at most 10
  std::vector<std::string> notes;                  // gathers, exports, warnings: a line each
};

// For a terminal; width in characters is up to 120.
FLOWRUN_API std::string to_text(const report& r);
FLOWRUN_API std::string to_json(const report& r);
// From RUN/report.json. Throws std::runtime_error with one sentence.
FLOWRUN_API report read_report(const std::string& run_directory);

}  // namespace flowrun
