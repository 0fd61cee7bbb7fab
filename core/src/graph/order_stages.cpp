// Every stage after those it reads from; what cannot be ordered stands in a loop, or behind one.
#include <set>

#include "check_state.hpp"

namespace flowrun::core {

namespace {

struct step {
  int stage = -1;
  position at;
};

// Some stage that `stage` reads from and that could not be ordered either.
step step_back(const graph_state& g, int stage, const std::vector<bool>& ordered) {
  for (const auto& input : g.stages[static_cast<std::size_t>(stage)].inputs)
    for (const linked_port& p : input)
      if (!ordered[static_cast<std::size_t>(p.from.stage)]) return {p.from.stage, p.at};
  return {};
}

void report_loop(graph_state& g, const std::vector<int>& loop, const std::vector<bool>& ordered) {
  std::size_t first = 0;
  for (std::size_t i = 1; i < loop.size(); ++i)
    if (loop[i] < loop[first]) first = i;
  std::string text;
  const auto name = [&](std::size_t i) {
    return g.stages[static_cast<std::size_t>(loop[(first + i) % loop.size()])].spec->name;
  };
  for (std::size_t i = 0; i < loop.size(); ++i) text += (i ? ", " : "") + name(i) + " reads " + name(i + 1);
  g.out.error("loop", step_back(g, loop[first], ordered).at, "a graph has no loops, but here " + text);
}

// Walking back among unordered stages never ends outside, so it must meet itself.
void find_loops(graph_state& g, const std::vector<bool>& ordered) {
  std::vector<int> walk_of(g.stages.size(), -1);
  for (int start = 0; start < static_cast<int>(g.stages.size()); ++start) {
    std::vector<int> walk;
    int at = start;
    while (at >= 0 && !ordered[static_cast<std::size_t>(at)] && walk_of[static_cast<std::size_t>(at)] < 0) {
      walk_of[static_cast<std::size_t>(at)] = start;
      walk.push_back(at);
      at = step_back(g, at, ordered).stage;
    }
    if (at < 0 || ordered[static_cast<std::size_t>(at)] || walk_of[static_cast<std::size_t>(at)] != start) continue;
    std::size_t begin = 0;
    while (begin < walk.size() && walk[begin] != at) ++begin;
    if (begin < walk.size())
      report_loop(g, std::vector<int>(walk.begin() + static_cast<std::ptrdiff_t>(begin), walk.end()), ordered);
  }
}

}  // namespace

void order_stages(graph_state& g) {
  const std::size_t n = g.stages.size();
  std::vector<int> waits_for(n, 0);
  std::vector<std::vector<int>> readers(n);
  for (std::size_t i = 0; i < n; ++i)
    for (const auto& input : g.stages[i].inputs)
      for (const linked_port& p : input) {
        ++waits_for[i];
        readers[static_cast<std::size_t>(p.from.stage)].push_back(static_cast<int>(i));
      }
  std::set<int> ready;  // the lowest first: as in the file wherever the graph leaves a choice
  for (std::size_t i = 0; i < n; ++i)
    if (waits_for[i] == 0) ready.insert(static_cast<int>(i));
  std::vector<bool> ordered(n, false);
  while (!ready.empty()) {
    const int next = *ready.begin();
    ready.erase(ready.begin());
    g.order.push_back(next);
    ordered[static_cast<std::size_t>(next)] = true;
    for (int reader : readers[static_cast<std::size_t>(next)])
      if (--waits_for[static_cast<std::size_t>(reader)] == 0) ready.insert(reader);
  }
  if (g.order.size() < n) find_loops(g, ordered);
}

}  // namespace flowrun::core
