#include "tune_search.hpp"

#include <algorithm>

namespace tool {

namespace {

constexpr std::uint64_t most_batch = 65536;  // what a stage's keys may say
constexpr int most_lanes = 64;
constexpr double doubtful_gain = 0.05;  // below it, both are measured again
constexpr double least_gain = 0.01;     // below it, memory is worth more

}  // namespace

tune_search::tune_search(std::string stage, tune_point start, tune_trials& trials)
    : stage_(std::move(stage)), best_{std::move(start), {}}, trials_(trials) {}

void tune_search::run(const std::vector<std::string>& precisions) {
  if (!find_start()) return;
  const std::uint64_t start = best_.point.batch;
  grow();
  if (best_.point.batch == start) shrink();
  widen();
  for (const std::string& p : precisions)
    if (p != best_.point.precision) change_precision(p);
}

step_figures tune_search::take(const tune_point& p, const tune_point& beside) {
  step_figures f = trials_.measure(p, beside);
  last_ = f.end;
  no_time_ = no_time_ || last_ == step_end::no_time;
  if (last_ != step_end::no_time) steps_.push_back({stage_, p, f, last_ == step_end::measured ? "" : f.why});
  return f;
}

bool tune_search::refuse(const tune_point& p) {
  std::string why = trials_.find_refusal(p);
  if (why.empty()) return false;
  last_ = step_end::refused;
  step_figures nothing;
  nothing.end = last_;
  nothing.why = why;
  steps_.push_back({stage_, p, nothing, why});
  return true;
}

// The first run of a graph finds files and memory cold, so it does not count.
bool tune_search::find_start() {
  while (take(best_.point, best_.point).end == step_end::out_of_memory && best_.point.batch > 1) best_.point.batch /= 2;
  if (last_ != step_end::measured) return false;
  found_ = true;
  steps_.back().verdict = "first run, not counted";
  best_.figures = steps_.back().figures;
  const step_figures again = take(best_.point, best_.point);
  if (again.end != step_end::measured) return !no_time_;
  steps_.back().verdict = "start";
  best_.figures = again;
  return true;
}

static double cost(const step_figures& f, bool throughput) {
  if (!throughput) return f.row_seconds;
  return f.rows_per_second > 0 ? 1 / f.rows_per_second : 0;
}

// The mean of this and an earlier figure, which becomes the candidate's; the new one alone is returned, 0: none.
double tune_search::measure_again(candidate& of, const tune_point& beside, rule by) {
  if (no_time_) return 0;
  const step_figures f = take(of.point, beside);
  if (f.end != step_end::measured) return 0;
  steps_.back().verdict = "again, to be sure";
  of.figures.row_seconds = (of.figures.row_seconds + f.row_seconds) / 2;
  of.figures.rows_per_second = (of.figures.rows_per_second + f.rows_per_second) / 2;
  return cost(f, by == rule::throughput);
}

bool tune_search::improve(const tune_point& p, rule by) {
  if (no_time_ || refuse(p)) return false;
  const bool throughput = by == rule::throughput;
  candidate tried{p, take(p, best_.point)};
  if (tried.figures.end != step_end::measured) return false;
  const std::size_t told = steps_.size() - 1;
  const auto gain = [&] { return 1 - cost(tried.figures, throughput) / cost(best_.figures, throughput); };
  bool better = !throughput && gain() >= doubtful_gain;
  if (!better && gain() > 0) {
    const double before = measure_again(best_, p, by);
    const double now = before > 0 ? measure_again(tried, best_.point, by) : 0;
    better = now > 0 && now < before && gain() >= (throughput ? doubtful_gain : least_gain);
    if (now > 0) last_ = step_end::measured;
  }
  last_gain_ = gain();
  if (better) {
    steps_[told].verdict = "faster";
    best_ = tried;
  } else if (no_time_) {
    steps_[told].verdict = "perhaps faster";
  } else {
    steps_[told].verdict = last_gain_ > -least_gain ? "no faster" : "slower";
  }
  return better;
}

// Doubles while that pays. Where it ended, one or more steps go in between.
void tune_search::grow() {
  while (!no_time_ && best_.point.batch < most_batch) {
    tune_point p = best_.point;
    p.batch = std::min(p.batch * 2, most_batch);
    if (improve(p, rule::row_time)) continue;
    if (last_ == step_end::refused || last_ == step_end::out_of_memory) return approach(p.batch);
    const std::uint64_t between = (best_.point.batch + p.batch) / 2;
    if (last_ != step_end::measured || between == best_.point.batch) return;
    p.batch = between;
    improve(p, rule::row_time);
    return;
  }
}

// The last batch that fits, below one that failed.
void tune_search::approach(std::uint64_t failed) {
  tune_point p = best_.point;
  if (last_ == step_end::refused) {
    std::uint64_t fits = p.batch;
    while (failed - fits > 1) {
      p.batch = fits + (failed - fits) / 2;
      (trials_.find_refusal(p).empty() ? fits : failed) = p.batch;
    }
    p.batch = fits;
    if (fits == best_.point.batch || improve(p, rule::row_time)) return;
    failed = fits;
  }
  // What the plan does not know takes a run to find out, so not every row is looked for; nor is there more to find
  // than one step in between where memory is not what ended it.
  while (!no_time_ && failed - best_.point.batch > std::max<std::uint64_t>(1, best_.point.batch / 16)) {
    const bool memory = last_ == step_end::out_of_memory;
    p.batch = best_.point.batch + (failed - best_.point.batch) / 2;
    if (improve(p, rule::row_time)) {
      if (!memory) return;
      last_ = step_end::out_of_memory;
    } else if (last_ == step_end::out_of_memory) {
      failed = p.batch;
    } else {
      return;
    }
  }
}

// Where more rows did not pay, fewer may. Far above the optimum a step changes little, so one without a gain is passed.
void tune_search::shrink() {
  tune_point p = best_.point;
  for (int even = 0; !no_time_ && p.batch > 1 && even < 2;) {
    p.batch /= 2;
    if (improve(p, rule::row_time))
      even = 0;
    else if (last_ == step_end::measured && last_gain_ > -least_gain)
      ++even;
    else
      return;
  }
}

// A session's time for each row says nothing about lanes: what they do together does. That depends on how the batches
// come, so it is always measured twice.
void tune_search::widen() {
  const int start = best_.point.lanes;
  while (!no_time_ && best_.point.lanes * 2 <= most_lanes) {
    tune_point p = best_.point;
    p.lanes *= 2;
    if (!improve(p, rule::throughput)) break;
  }
  if (best_.point.lanes != start || start == 1 || no_time_) return;
  tune_point p = best_.point;
  p.lanes /= 2;
  improve(p, rule::throughput);
}

void tune_search::change_precision(const std::string& to) {
  if (no_time_) return;
  tune_point p = best_.point;
  p.precision = to;
  if (improve(p, rule::row_time)) grow();
}

}  // namespace tool
