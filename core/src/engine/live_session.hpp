// One live run: opened and started by the constructor, fed and emptied by any thread, ended by the destructor at last.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <flowrun/live_run.hpp>

#include "../report/cpu_time.hpp"
#include "../run/dataflow.hpp"
#include "answer_caches.hpp"
#include "live_inputs.hpp"
#include "live_results.hpp"
#include "loaded_graph.hpp"
#include "model_sessions.hpp"
#include "result_layout.hpp"
#include "stage_code.hpp"

namespace flowrun::core {

class live_session {
 public:
  live_session(std::shared_ptr<const loaded_graph> loaded, live_options options);
  ~live_session();

  push_outcome push(std::string_view input, const live_item& item, std::stop_token stop,
                    std::chrono::milliseconds timeout);
  std::optional<item_result> pull(std::chrono::milliseconds timeout);
  void close();
  void cancel();
  report wait();
  bool ended() const { return results_.over() && is_over(); }
  progress now() const;

 private:
  void open();
  void run();
  void deliver();
  void conclude(stop_kind why, std::size_t left_over, process_time spent);
  bool is_over() const;
  void forbid_in_callback(const char* why) const;
  dataflow_options flow_options();
  stage_context context(int stage) const;
  std::size_t find_input(std::string_view name, const live_item& item) const;
  bool keep(const finished_item& f);
  item_result make_result(const finished_item& f) const;
  item_result make_cancelled(const live_inputs::left_over& left) const;
  item_result start_result(int stage, const item_ref& ref) const;
  void remember_failure(const item_result& r);
  void log(log_level level, std::string_view text) const;
  void note(const std::string& text);
  template <class Steps> void guarded(Steps&& steps);

  const std::shared_ptr<const loaded_graph> loaded_;
  checked_graph graph_;  // a copy: what results hold is kept
  const live_options options_;
  int threads_ = 1, in_flight_ = 1;
  std::uint64_t ram_ = 0;
  stage_code code_;
  std::shared_ptr<const result_layout> layout_;
  std::unique_ptr<model_sessions> models_;
  answer_caches caches_;
  std::vector<int> inputs_at_;  // by input: its stage
  std::vector<bool> is_input_;  // by stage
  std::unique_ptr<live_inputs> inputs_;
  live_results results_;
  std::unique_ptr<dataflow> flow_;  // null: it could not be opened
  std::atomic<bool> stopping_{false};
  std::atomic<std::thread::id> deliverer_;
  std::chrono::steady_clock::time_point began_{};

  mutable std::mutex mutex_;  // what follows
  std::condition_variable over_changed_;
  bool over_ = false;
  report report_;
  std::vector<failed_item_report> failures_;
  std::vector<std::string> notes_;
  std::string callback_fault_;  // what on_result threw
  std::thread thread_;
};

}  // namespace flowrun::core
