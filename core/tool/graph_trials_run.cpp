// The runs of graph_trials: how many items, how long, and what their report says.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "graph_trials.hpp"

namespace tool {

namespace fs = std::filesystem;

// Enough for several batches in each lane.
static std::uint64_t least_rows(const tune_point& p) {
  return p.batch * static_cast<std::uint64_t>(std::max(4, 2 * p.lanes));
}

static std::uint64_t items_of(double rows, double rows_per_item) {
  return static_cast<std::uint64_t>(std::ceil(std::max(1.0, rows / rows_per_item)));
}

// Whole batches, for about the time a step should take. 0: the media have too few.
std::uint64_t graph_trials::items_for(const tune_point& p, const tune_point& beside) const {
  const tuned_use& u = uses[at];
  const auto rows_of = [&](double items) { return std::floor(items * u.rows_per_item + 1e-6); };
  const auto batches = [&](double items) { return std::floor(rows_of(items) / static_cast<double>(p.batch)); };
  std::uint64_t items = items_of(static_cast<double>(std::max(least_rows(p), least_rows(beside))), u.rows_per_item);
  const double in_time = items_per_second_ * clock_.step();
  if (in_time > static_cast<double>(items))
    items = items_of(batches(in_time) * static_cast<double>(p.batch), u.rows_per_item);
  if (items_there_ == 0 || items <= items_there_) return items;
  const double whole = batches(static_cast<double>(items_there_));
  const bool more = p.batch > u.start.batch || p.lanes > u.start.lanes;
  if (static_cast<double>(least_rows(p)) > rows_of(static_cast<double>(items_there_))) return more ? 0 : items_there_;
  return std::min(items_there_, items_of(whole * static_cast<double>(p.batch), u.rows_per_item));
}

flowrun::report graph_trials::run(const flowrun::graph& g, double most_seconds) {
  const fs::path out = folder_ / "run";
  flowrun::run_options options;
  options.out = out.string();
  options.threads = threads_;
  options.adjust_process = true;
  options.measure_only = true;
  flowrun::report r;
  {
    flowrun::run run(g, options);
    r = guard_.execute(run, most_seconds);
  }
  std::error_code error;
  fs::remove_all(out, error);
  return r;
}

// The run's message speaks of going on in its directory, which is gone.
static std::string without_advice(const std::string& message) {
  const std::size_t advice = message.find("go on with: flowrun resume");
  return advice == std::string::npos ? message : message.substr(0, message.rfind("; ", advice));
}

// Whether its figures are those of a run, if perhaps of one that was stopped after its time.
static bool has_figures(const flowrun::report& r) {
  return r.exit_code == ok || r.exit_code == some_failed || r.exit_code == 4 || r.exit_code == stopped;
}

step_figures graph_trials::measure(const tune_point& p, const tune_point& beside) {
  step_figures f;
  f.end = step_end::no_time;
  if (guard_.interrupted() || clock_.over() || !clock_.has_time_for_search()) return f;
  const std::uint64_t items = items_for(p, beside);
  if (items == 0) {
    f.end = step_end::too_few_rows;
    f.why = "the media have too few items: " + std::to_string(items_there_);
    return f;
  }
  const double began = clock_.elapsed();
  const flowrun::report r = run(load(points_with(p), items), clock_.longest_step());
  clock_.note_step(clock_.elapsed() - began);
  if (guard_.interrupted()) return f;
  const bool no_memory = r.exit_code == unavailable && r.read == 0 && r.message.find("memory") != std::string::npos;
  if (no_memory) {
    f.end = step_end::out_of_memory;
    fault_ = r.message;
    f.why = "out of memory when the model was opened";
    return f;
  }
  if (!has_figures(r)) throw flowrun::run_directory_error(without_advice(r.message), r.exit_code);
  if (r.exit_code != stopped && r.read < items) items_there_ = r.read;
  if (r.items_per_second > 0) items_per_second_ = r.items_per_second;
  return read(r, p);
}

step_figures graph_trials::read(const flowrun::report& r, const tune_point& p) {
  step_figures f;
  read_stages(r, f, p);
  read_device(r, f);
  const std::string name = uses[at].name();
  if (f.end == step_end::measured)
    std::fprintf(stderr, "%s: batch %llu, lanes %d, %s: %.1f rows/s\n", name.c_str(),
                 static_cast<unsigned long long>(p.batch), p.lanes, p.precision.c_str(), f.rows_per_second);
  else
    std::fprintf(stderr, "%s: batch %llu, lanes %d, %s: %s\n", name.c_str(), static_cast<unsigned long long>(p.batch),
                 p.lanes, p.precision.c_str(), f.why.c_str());
  return f;
}

void graph_trials::read_stages(const flowrun::report& r, step_figures& f, const tune_point& p) {
  tuned_use& u = uses[at];
  double session = 0, calling = 0;
  int slots = 1;
  std::uint64_t errors = 0, values = 0;
  for (const flowrun::stage_report& s : r.stages) {
    if (std::find(u.stages.begin(), u.stages.end(), s.name) == u.stages.end()) continue;
    f.rows += s.rows;
    session += s.session_seconds;
    calling += s.calling_seconds;
    slots = s.slots;
    errors += s.errors;
    values += s.values;
    if (s.out_of_memory == 0 && (s.row_ceiling == 0 || s.row_ceiling >= p.batch)) continue;
    f.end = step_end::out_of_memory;
    fault_ = s.name + ": " + (s.out_of_memory > 0 ? "out of memory" : "an earlier run ran out of memory") + " above " +
             std::to_string(s.row_ceiling) + " rows";
    f.why = fault_.substr(s.name.size() + 2);
  }
  if (f.end != step_end::measured) return;
  if (f.rows == 0 || session <= 0 || calling <= 0 || (values == 0 && errors > 0)) {
    f.end = step_end::too_few_rows;
    f.why = f.rows == 0 ? "no row reached it" : "all of its items failed";
    return;
  }
  const auto rows = static_cast<double>(f.rows);
  f.rows_per_second = rows / calling;
  if (r.read > 0) u.rows_per_item = rows / static_cast<double>(r.read);
  // A device computes calls one after the other, so those that wait for it must not count twice. On the CPU calls do
  // not wait for each other, and what else its threads do in between must not count at all.
  f.row_seconds = (device() == "cpu" ? session / std::max(1, slots) : calling) / rows;
}

std::string graph_trials::device() const {
  for (const flowrun::planned_stage& s : started_.stages)
    if (s.name == uses[at].stages.front()) return s.device;
  return {};
}

void graph_trials::read_device(const flowrun::report& r, step_figures& f) const {
  f.busy = r.cpu_busy;
  for (const flowrun::device_report& d : r.devices) {
    if (d.name != device()) continue;
    f.busy = d.busy;
    f.peak_bytes = d.peak;
    for (const flowrun::planned_device& known : started_.devices)
      if (known.name == device()) f.peak_bytes += known.residents;
  }
}

std::optional<double> graph_trials::run_whole(const std::vector<tune_point>& points) {
  if (guard_.interrupted() || clock_.over()) return std::nullopt;
  if (whole_items_ == 0) {
    double batches = 0;  // items for several of the largest
    for (std::size_t i = 0; i < points.size(); ++i)
      for (const std::uint64_t batch : {uses[i].point.batch, uses[i].start.batch})
        batches = std::max(batches, 8 * static_cast<double>(batch) / uses[i].rows_per_item);
    const double in_time = items_per_second_ * clock_.step();
    whole_items_ = items_of(std::max(in_time, std::min(batches, 2 * in_time)), 1);
    if (items_there_ > 0) whole_items_ = std::min(whole_items_, items_there_);
  }
  const flowrun::report r = run(load(points, whole_items_), clock_.budget());
  if (guard_.interrupted()) return std::nullopt;
  if (!has_figures(r)) throw flowrun::run_directory_error(without_advice(r.message), r.exit_code);
  std::fprintf(stderr, "whole graph, %llu items: %.2f s\n", static_cast<unsigned long long>(r.read), r.seconds);
  return r.seconds;
}

}  // namespace tool
