// Looks for the batch, the lanes and the precision with which a model stage is fastest. Pure: what a setting costs is
// asked for, so that it can be a model of the cost.
#pragma once
#include <string>
#include <vector>

#include "tune_step.hpp"

namespace tool {

class tune_trials {
 public:
  virtual ~tune_trials() = default;
  // Why it cannot be tried, in one sentence; empty: it can. Costs no time.
  virtual std::string find_refusal(const tune_point& p) = 0;
  // Any end but `refused`. With as many rows as `beside` needs, if that is more, so that both compare.
  virtual step_figures measure(const tune_point& p, const tune_point& beside) = 0;
};

class tune_search {
 public:
  tune_search(std::string stage, tune_point start, tune_trials& trials);

  // Batch, then lanes, then each of `precisions` with its batch.
  void run(const std::vector<std::string>& precisions);

  const tune_point& best() const { return best_.point; }
  bool found() const { return found_; }        // something could be measured
  bool cut_short() const { return no_time_; }  // the time was over before the search was
  const std::vector<tune_step>& steps() const { return steps_; }

 private:
  enum class rule { row_time, throughput };
  struct candidate {
    tune_point point;
    step_figures figures;
  };

  bool find_start();
  void grow();
  void approach(std::uint64_t failed);
  void shrink();
  void widen();
  void change_precision(const std::string& to);

  // Tries a point; true: it is the best now.
  bool improve(const tune_point& p, rule by);
  double measure_again(candidate& of, const tune_point& beside, rule by);
  step_figures take(const tune_point& p, const tune_point& beside);
  bool refuse(const tune_point& p);

  std::string stage_;
  candidate best_;
  tune_trials& trials_;
  std::vector<tune_step> steps_;
  step_end last_ = step_end::measured;  // of the last point that improve() saw
  double last_gain_ = 0;                // and what it would have gained, as a share of the time
  bool found_ = false, no_time_ = false;
};

}  // namespace tool
