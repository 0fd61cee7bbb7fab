// Runs a graph with other settings of its model stages, on a part of its media, and reads what that cost.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <flowrun/plan.hpp>

#include "run_guard.hpp"
#include "tool.hpp"
#include "tune_clock.hpp"
#include "tune_search.hpp"

namespace tool {

// The stages that share a line of a profile.
struct tuned_use {
  std::string use;
  std::vector<std::string> stages;
  tune_point start, point;
  double rows_per_item = 1;  // as far as known
  std::string name() const;  // of its stages
};

class graph_trials : public tune_trials {
 public:
  // Runs leave nothing but what is below `folder`, and that only while they last.
  graph_trials(const graph_arguments& graph, int threads, tune_clock& clock, run_guard& guard,
               std::filesystem::path folder);

  // Settles what the graph starts with: smaller batches where the plan refuses those it has. Returns the exit code and
  // prints why; 0: it can be tuned.
  int find_uses();
  std::vector<tuned_use> uses;
  std::size_t at = 0;  // whose points are tried

  std::string find_refusal(const tune_point& p) override;
  step_figures measure(const tune_point& p, const tune_point& beside) override;
  bool offers(const std::string& precision) const;
  // Of the graph with these settings: seconds of a run; none: no time.
  std::optional<double> run_whole(const std::vector<tune_point>& points);
  const flowrun::plan_report& started() const { return started_; }
  const std::string& last_fault() const { return fault_; }  // why a step found no memory, in the run's words

 private:
  std::vector<tune_point> points_with(const tune_point& p) const;
  flowrun::graph load(const std::vector<tune_point>& points, std::uint64_t items) const;
  flowrun::plan_report plan(const std::vector<tune_point>& points) const;
  std::uint64_t items_for(const tune_point& p, const tune_point& beside) const;
  flowrun::report run(const flowrun::graph& g, double most_seconds);
  step_figures read(const flowrun::report& r, const tune_point& p);
  void read_stages(const flowrun::report& r, step_figures& f, const tune_point& p);
  void read_device(const flowrun::report& r, step_figures& f) const;
  std::string device() const;  // of the stages whose points are tried

  const graph_arguments& graph_;
  int threads_;
  tune_clock& clock_;
  run_guard& guard_;
  std::filesystem::path folder_;
  flowrun::engine engine_;
  std::uint64_t items_there_ = 0;  // 0: unknown
  double items_per_second_ = 0;
  std::uint64_t whole_items_ = 0;
  std::string fault_;
  flowrun::plan_report started_;
};

}  // namespace tool
