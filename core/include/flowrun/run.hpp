// Running a graph, and working on the directory it leaves.
#pragma once
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "api.hpp"
#include "engine.hpp"
#include "report.hpp"

namespace flowrun {

struct run_options {
  std::string out;              // the run directory; empty: the graph's run.out
  bool fresh = false;           // rename an existing run directory instead of going on in it
  bool retry_failed = false;    // run failed items again
  bool adjust_process = false;  // set process-wide things: OpenCV's threads, more oneTBB threads than cores
  int threads = 0;              // 0: the graph's, else the cores this process may use
  // For the report's figures alone: nothing is stored, gathered, exported, answered from a cache or remembered of the
  // device. Sinks write below `out` as ever.
  bool measure_only = false;
};

struct device_progress {
  std::string name;
  double busy = -1;                   // 0..1 of late; below 0: not known
  std::uint64_t used = 0, total = 0;  // bytes, of all programs
};

struct progress {
  std::uint64_t read = 0, done = 0, skipped = 0, failed = 0, already = 0, replayed = 0;
  std::uint64_t total = 0;  // what the sources announced, 0: unknown
  double seconds = 0;
  const char* phase = "";  // "starting", "items", "gathers", "exports", "ended"
  double cpu_busy = -1;    // 0..1, of the cores the process may use, by it; below 0: not known yet
  std::vector<device_progress> devices;
};

class FLOWRUN_API run {
 public:
  // The graph must be ok().
  run(const graph& g, run_options options);
  ~run();

  // Runs to the end; once. Items that an earlier run of the same directory finished are not run again.
  report execute();

  // From any thread, while execute() runs:
  void stop();    // admit no more, finish what is in flight, commit it: exit code 75, resumable
  void cancel();  // do not wait for what is in flight either
  progress now() const;

 private:
  struct parts;
  std::unique_ptr<parts> p_;
};

// What went wrong with a run directory; what() is one sentence for the user.
struct FLOWRUN_API run_directory_error : std::runtime_error {
  int exit_code;
  run_directory_error(const std::string& what, int code) : std::runtime_error(what), exit_code(code) {}
};

// The graph a directory was run with; its paths are relative to `working_directory`. Throws run_directory_error.
struct earlier_run {
  std::string graph_file, working_directory;
  std::vector<std::string> plugin_folders, model_folders;  // the engine's own at that time
};
FLOWRUN_API earlier_run find_run(const std::string& run_directory);

// Runs only the gather `stage` (and those after it) again over the kept values. Throws run_directory_error.
FLOWRUN_API report run_gathers(const graph& g, const std::string& run_directory, const std::string& stage);

// Writes results. `to`: a file (jsonl, coco; empty with jsonl: standard output) or a folder, which is made (csv, npy,
// yolo). Returns the number of items; `notes` gets a line for each thing left out. Throws run_directory_error.
FLOWRUN_API std::uint64_t export_results(const std::string& run_directory, const std::string& format,
                                         const std::string& to, bool canonical,
                                         std::vector<std::string>* notes = nullptr);
// Throws run_directory_error.
FLOWRUN_API std::vector<failed_item_report> failed_items(const std::string& run_directory);

}  // namespace flowrun
