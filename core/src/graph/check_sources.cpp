// Which sources reach a stage decides what may meet there: joins are by item, and items belong to one source.
#include <algorithm>
#include <iterator>

#include "check_state.hpp"
#include "nearest_name.hpp"

namespace flowrun::core {

namespace {

stage_draft& stage_at(graph_state& g, int index) {
  return g.stages[static_cast<std::size_t>(index)];
}

std::string names_of(const graph_state& g, const std::set<int>& sources) {
  std::vector<std::string> names;
  for (int i : sources) names.push_back(g.stages[static_cast<std::size_t>(i)].spec->name);
  return list_names(names);
}

// The sources of all ports of one input; two ports of one source would give an item twice.
std::set<int> unite(graph_state& g, const std::vector<linked_port>& ports) {
  std::set<int> all;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::set<int>& sources = stage_at(g, ports[i].from.stage).sources;
    for (std::size_t k = 0; k < i; ++k) {
      const std::set<int>& earlier = stage_at(g, ports[k].from.stage).sources;
      std::set<int> shared;
      std::set_intersection(sources.begin(), sources.end(), earlier.begin(), earlier.end(),
                            std::inserter(shared, shared.begin()));
      if (shared.empty() || ports[i].from == ports[k].from) continue;
      g.out.error("union_of_one_source", ports[i].at,
                  port_text(g, ports[k].from) + " and " + port_text(g, ports[i].from) + " both come from " +
                      names_of(g, shared) + "; a list takes ports of different sources");
      break;
    }
    all.insert(sources.begin(), sources.end());
  }
  return all;
}

void check_after_gather(graph_state& g, const stage_draft& s) {
  if (s.manifest->shape == stage_shape::gather) return;
  for (const auto& input : s.inputs)
    for (const linked_port& p : input) {
      const stage_draft& from = stage_at(g, p.from.stage);
      if (from.manifest->shape != stage_shape::gather) continue;
      g.out.error("after_gather", p.at,
                  stage_text(s) + " is a " + shape_name(s.manifest->shape) + ", but reads from the gather '" +
                      from.spec->name + "'; only gathers come after a gather");
    }
}

void find_sources(graph_state& g, int index) {
  stage_draft& s = stage_at(g, index);
  if (s.manifest->shape == stage_shape::source) {
    s.sources = {index};
    return;
  }
  check_after_gather(g, s);
  for (const auto& input : s.inputs)
    for (const linked_port& p : input) s.whole = s.whole && stage_at(g, p.from.stage).whole;
  if (!s.whole) return;
  std::size_t first = s.inputs.size();
  std::set<int> first_sources;
  for (std::size_t i = 0; i < s.inputs.size(); ++i) {
    if (s.inputs[i].empty()) continue;
    const std::set<int> sources = unite(g, s.inputs[i]);
    s.sources.insert(sources.begin(), sources.end());
    if (first == s.inputs.size()) {
      first = i;
      first_sources = sources;
    } else if (s.manifest->shape != stage_shape::gather && sources != first_sources) {
      g.out.error("join_over_sources", s.inputs[i].front().at,
                  stage_text(s) + " joins '" + s.manifest->inputs[first].name + "' from " + names_of(g, first_sources) +
                      " with '" + s.manifest->inputs[i].name + "' from " + names_of(g, sources) +
                      "; ports of different sources never join (a gather takes them)");
      s.whole = false;
      return;
    }
  }
}

}  // namespace

void check_sources(graph_state& g) {
  for (int index : g.order)
    if (stage_at(g, index).manifest) find_sources(g, index);
}

}  // namespace flowrun::core
