// One run of a graph in its run directory, from lock to report. Each step is a function; the order stands in execute().
#pragma once
#include <atomic>
#include <chrono>
#include <mutex>

#include "../report/cpu_time.hpp"
#include "../report/run_sampler.hpp"
#include "../run/dataflow.hpp"
#include "../store/run_lock.hpp"
#include "../store/store_writer.hpp"
#include "answer_caches.hpp"
#include "loaded_graph.hpp"
#include "model_sessions.hpp"
#include "outcomes.hpp"
#include "run_log.hpp"
#include "stage_code.hpp"

#include <flowrun/run.hpp>

namespace flowrun::core {

// What has to run again of a source's finished items when some are not.
struct source_replay {
  bool serial = false;     // a stage with a memory reaches it: its streams run from their first item, and it is listed
                           // before anything is read
  bool whole = false;      // and that memory spans all its streams
  bool sequences = false;  // a frame cannot be taken up in the middle of its sequence
  std::string listing;     // digest of what decides which frames a medium has
  bool dirty = false, dirty_set = false;  // something of it must run; something of its stills
};

class run_session {
 public:
  run_session(std::shared_ptr<const loaded_graph> loaded, run_options options);
  ~run_session();

  report execute();
  // Only the gathers, over what the directory holds: `asked`, and those whose tables or params have changed.
  report execute_gathers(const std::string& asked);
  void stop();
  void cancel();
  progress now() const;

 private:
  void open_directory();
  void open_code();
  void open_models();
  void identify_stages();
  void open_store();
  void run_items();
  void run_gathers();
  void run_gather(std::size_t stage, std::size_t outcome, const std::string& digest);
  void write_exports();
  void conclude(report& r) const;
  template <class Steps> report guarded(Steps&& steps);

  dataflow_options flow_options();
  std::vector<bool> needed_for_replay() const;
  void plan_replays();
  const ledger_entry* recorded(int source, const std::string& stream, const item_ref& ref) const;
  stream_end end_of(int source, const item_ref& medium, std::uint64_t frames) const;
  std::optional<std::uint64_t> finished_stream(int source, const item_ref& medium, std::uint64_t most);
  bool must_run(const ledger_entry* entry, const item_ref& ref) const;
  admission_decision decide(int source, const std::string& stream, const item_ref& ref);
  bool keep(const finished_item& f);
  commit_unit make_unit(const finished_item& f) const;
  void remember_failure(const finished_item& f);
  stage_context context(int stage) const;
  void note(const std::string& text);

  std::shared_ptr<const loaded_graph> loaded_;
  const checked_graph& graph_;
  run_options options_;
  std::filesystem::path folder_;
  int threads_ = 1;
  int in_flight_ = 1;
  std::uint64_t ram_ = 0;
  run_log log_;
  std::unique_ptr<run_lock> lock_;
  outcome_plan outcomes_;
  stage_code code_;
  std::unique_ptr<model_sessions> models_;
  std::vector<std::string> identities_;  // by stage, of its model and of files it is told to read
  answer_caches caches_;
  std::unique_ptr<run_store> store_;
  std::unique_ptr<store_writer> writer_;
  std::unique_ptr<dataflow> flow_;
  std::unique_ptr<run_sampler> sampler_;
  std::vector<source_replay> replays_;  // by stage
  std::atomic<bool> stop_asked_{false}, cancel_asked_{false};
  std::atomic<const char*> phase_{"starting"};
  std::chrono::steady_clock::time_point items_began_{};
  double item_seconds_ = 0;
  process_time spent_;
  mutable std::mutex mutex_;  // flow_'s and sampler_'s life, failures_ and notes_
  std::vector<failed_item_report> failures_;
  std::vector<std::string> notes_;
  std::string asked_gather_;  // it runs also where its tables are as they were
  bool gather_failed_ = false;
  std::atomic<std::uint64_t> already_failed_{0};
  std::uint64_t missing_ = 0;
};

}  // namespace flowrun::core
