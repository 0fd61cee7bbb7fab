#include "graph_trials.hpp"

#include <algorithm>
#include <cstdio>

namespace tool {

namespace fs = std::filesystem;

std::string tuned_use::name() const {
  std::string all;
  for (const std::string& s : stages) all += (all.empty() ? "" : ", ") + s;
  return all;
}

graph_trials::graph_trials(const graph_arguments& graph, int threads, tune_clock& clock, run_guard& guard,
                           fs::path folder)
    : graph_(graph),
      threads_(threads),
      clock_(clock),
      guard_(guard),
      folder_(std::move(folder)),
      engine_(graph.plugins.make_engine()),
      items_there_(graph.max_items) {}

flowrun::graph graph_trials::load(const std::vector<tune_point>& points, std::uint64_t items) const {
  std::vector<flowrun::setting> settings = graph_.parsed_settings();
  for (std::size_t i = 0; i < points.size(); ++i)
    for (const std::string& stage : uses[i].stages) {
      const tune_point &p = points[i], &start = uses[i].start;
      settings.push_back({stage + ".batch", std::to_string(p.batch)});
      if (p.lanes != start.lanes) settings.push_back({stage + ".lanes", std::to_string(p.lanes)});
      if (p.precision != start.precision) settings.push_back({stage + ".precision", p.precision});
    }
  if (items > 0) settings.push_back({"run.max_items", std::to_string(items)});
  return engine_.load(graph_.file, settings, graph_.profiles);
}

std::vector<tune_point> graph_trials::points_with(const tune_point& p) const {
  std::vector<tune_point> points;
  for (const tuned_use& u : uses) points.push_back(u.point);
  points[at] = p;
  return points;
}

flowrun::plan_report graph_trials::plan(const std::vector<tune_point>& points) const {
  const flowrun::graph g = load(points, 0);
  flowrun::plan_report none;
  if (!g.ok()) none.problem = g.problems().front().text;
  return g.ok() ? flowrun::plan_graph(g, threads_) : none;
}

int graph_trials::find_uses() {
  const flowrun::graph g = engine_.load(graph_.file, graph_.parsed_settings(), graph_.profiles);
  if (const int rc = print_problems(g)) return rc;
  flowrun::plan_report p = flowrun::plan_graph(g, threads_);
  // A device stage has no batches: its calls are its own.
  p.stages.erase(
      std::remove_if(p.stages.begin(), p.stages.end(), [](const flowrun::planned_stage& s) { return !s.batched; }),
      p.stages.end());
  if (p.problem.empty() && p.stages.empty()) {
    std::fprintf(stderr, "flowrun: %s: no stage runs a model; there is nothing to tune\n", graph_.file.c_str());
    return bad_graph;
  }
  for (const flowrun::planned_stage& s : p.stages) {
    auto known = std::find_if(uses.begin(), uses.end(), [&](const tuned_use& u) { return u.use == s.use; });
    if (known == uses.end()) {
      const tune_point start{s.wished_batch, s.lanes, s.precision};
      known = uses.insert(uses.end(), {s.use, {}, start, start, 1});
    }
    known->stages.push_back(s.name);
  }
  const auto points = [this] {
    std::vector<tune_point> all;
    for (const tuned_use& u : uses) all.push_back(u.start);
    return all;
  };
  bool smaller = true;
  while (p.problem.empty() && !p.ok() && smaller) {
    smaller = false;
    for (tuned_use& u : uses) {
      smaller = smaller || u.start.batch > 1;
      u.start.batch = std::max<std::uint64_t>(1, u.start.batch / 2);
    }
    if (smaller) p = plan(points());
  }
  if (!p.ok()) {
    std::fputs(to_text(p).c_str(), stderr);
    return unavailable;
  }
  for (const flowrun::planned_stage& s : p.stages)
    for (tuned_use& u : uses)
      if (u.stages.front() == s.name) u.start.batch = s.batch;
  for (tuned_use& u : uses) u.point = u.start;
  started_ = p;
  return ok;
}

std::string graph_trials::find_refusal(const tune_point& p) {
  const flowrun::plan_report now = plan(points_with(p));
  if (!now.problem.empty()) return now.problem;
  if (!now.ok()) return "does not fit the device's memory";
  const tuned_use& u = uses[at];
  for (const flowrun::planned_stage& s : now.stages) {
    if (std::find(u.stages.begin(), u.stages.end(), s.name) == u.stages.end()) continue;
    if (s.wished_batch != p.batch)
      return "the model takes " + std::string(s.wished_batch < p.batch ? "at most " : "at least ") +
             std::to_string(s.wished_batch) + " rows";
    if (s.batch != p.batch) return "does not fit the device's memory";
    if (p.lanes > u.start.lanes && s.lanes < p.lanes) return "one call of it at a time";
    if (p.lanes > u.start.lanes && s.slots < p.lanes)
      return "no memory for " + std::to_string(p.lanes) + " batches at once";
  }
  return {};
}

bool graph_trials::offers(const std::string& precision) const {
  tune_point p = uses[at].point;
  p.precision = precision;
  return plan(points_with(p)).problem.empty();
}

}  // namespace tool
