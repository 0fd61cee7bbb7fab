#include "tune_text.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace tool {

namespace {

using json = nlohmann::ordered_json;

template <class... A> std::string format(const char* pattern, A... values) {
  char text[512];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

unsigned long long number(std::uint64_t n) {
  return static_cast<unsigned long long>(n);
}

// The figures of a step that has some, else dashes.
std::string figures_text(const step_figures& f) {
  const bool ran = f.end == step_end::measured;
  const std::string rate = ran ? format("%.1f", f.rows_per_second) : "-";
  const std::string peak = f.peak_bytes > 0 ? format("%llu", number((f.peak_bytes + (1 << 19)) >> 20)) : "-";
  const std::string busy = f.rows > 0 ? format("%.0f", 100 * f.busy) : "-";
  return format("%10s %8s %6s", rate.c_str(), peak.c_str(), busy.c_str());
}

std::string values_text(const tune_point& p) {
  return format("batch %llu, lanes %d, precision %s", number(p.batch), p.lanes, p.precision.c_str());
}

const char* end_name(step_end end) {
  switch (end) {
    case step_end::measured:
      return "measured";
    case step_end::refused:
      return "refused";
    case step_end::out_of_memory:
      return "out_of_memory";
    case step_end::too_few_rows:
      return "too_few_rows";
    case step_end::no_time:
      return "no_time";
  }
  return "";
}

json point_json(const tune_point& p) {
  return {{"batch", p.batch}, {"lanes", p.lanes}, {"precision", p.precision}};
}

}  // namespace

std::string list_once(const std::vector<std::string>& names) {
  std::string all;
  for (auto name = names.begin(); name != names.end(); ++name)
    if (std::find(names.begin(), name, *name) == name) all += (all.empty() ? "" : ", ") + *name;
  return all;
}

std::string tune_table(const tune_result& r) {
  std::size_t width = 5;
  for (const tune_step& s : r.steps) width = std::max(width, s.stage.size());
  const auto stage_width = static_cast<int>(width);
  std::string t = format("%-*s  %6s %5s %-9s %10s %8s %6s  %s\n", stage_width, "stage", "batch", "lanes", "precision",
                         "rows/s", "peak MiB", "busy %", "verdict");
  for (const tune_step& s : r.steps)
    t += format("%-*s  %6llu %5d %-9s %s  ", stage_width, s.stage.c_str(), number(s.point.batch), s.point.lanes,
                s.point.precision.c_str(), figures_text(s.figures).c_str()) +
         s.verdict + "\n";
  for (const tuned_values& v : r.values) t += v.use + ": " + values_text(v.point) + "\n";
  if (r.whole.before > 0)
    t += format("whole graph: %.2f s as it was, %.2f s with these\n", r.whole.before, r.whole.after);
  else if (!r.whole.sure)
    t += "whole graph: there was no time to compare it\n";
  if (r.whole.taken_back > 0)
    t += format("with what was faster for a stage the graph was slower: it was taken back %d time%s, by half or all\n",
                r.whole.taken_back, r.whole.taken_back == 1 ? "" : "s");
  if (!r.changed) t += "nothing was found that is faster than what the graph starts with\n";
  if (r.cut_short)
    t += format("the time of %g s was over before the search was; a longer --for finds more\n", r.budget);
  return t;
}

std::string tune_json(const tune_result& r) {
  json steps = json::array();
  for (const tune_step& s : r.steps) {
    json step = {{"stage", s.stage}};
    step.update(point_json(s.point));
    const bool ran = s.figures.end == step_end::measured;
    step["end"] = end_name(s.figures.end);
    step["rows"] = s.figures.rows;
    step["rows_per_second"] = ran ? json(s.figures.rows_per_second) : json();
    step["row_seconds"] = ran ? json(s.figures.row_seconds) : json();
    step["peak_bytes"] = s.figures.peak_bytes > 0 ? json(s.figures.peak_bytes) : json();
    step["busy"] = s.figures.rows > 0 ? json(s.figures.busy) : json();
    step["verdict"] = s.verdict;
    steps.push_back(std::move(step));
  }
  json uses = json::object();
  for (const tuned_values& v : r.values) uses[v.use] = point_json(v.point);
  json whole;
  if (r.whole.before > 0) whole = {{"seconds_before", r.whole.before}, {"seconds", r.whole.after}};
  const json all = {{"steps", steps},       {"uses", uses},
                    {"whole", whole},       {"taken_back", r.whole.taken_back},
                    {"changed", r.changed}, {"cut_short", r.cut_short},
                    {"device", r.device}};
  return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string tuned_profile(const tune_result& r) {
  std::string t = "# Made by `flowrun tune` for the device " + r.device + ".\nflowrun_profile: 1\nuses:\n";
  for (const tuned_values& v : r.values)
    t += format("  %s: {batch: %llu, lanes: %d, precision: %s}\n", v.use.c_str(), number(v.point.batch),
                std::min(v.point.lanes, 64), v.point.precision.c_str());
  return t;
}

}  // namespace tool
