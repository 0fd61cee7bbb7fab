#include "selection.hpp"

#include "stability.hpp"

namespace hdbscan {
namespace {

// Whether an ancestor of a cluster is among the marked, by cluster.
std::vector<bool> mark_below(const std::vector<bool>& marked, const std::vector<std::size_t>& parents) {
  std::vector<bool> below(marked.size(), false);
  for (std::size_t c = 1; c < marked.size(); ++c) below[c] = marked[parents[c]] || below[parents[c]];
  return below;
}

// A cluster is selected if it lasts longer than what it splits into.
std::vector<bool> select_by_mass(const condensed_tree& tree, const std::vector<std::size_t>& parents) {
  std::vector<double> stability = find_stabilities(tree);
  std::vector<float> below(tree.clusters, 0);  // in float, and children in ascending order, as Python's hdbscan adds
  std::vector<std::vector<std::size_t>> children(tree.clusters);
  for (std::size_t c = 1; c < tree.clusters; ++c) children[parents[c]].push_back(c);
  std::vector<bool> selected(tree.clusters, false);
  for (std::size_t c = tree.clusters; c-- > 1;) {
    for (const std::size_t child : children[c])
      below[c] = static_cast<float>(static_cast<double>(below[c]) + stability[child]);
    selected[c] = !(static_cast<double>(below[c]) > stability[c]);  // so is one whose stability is nan
    if (!selected[c]) stability[c] = static_cast<double>(below[c]);
  }
  const std::vector<bool> under = mark_below(selected, parents);
  for (std::size_t c = 1; c < tree.clusters; ++c) selected[c] = selected[c] && !under[c];
  return selected;
}

std::vector<bool> select_leaves(const condensed_tree& tree, const std::vector<std::size_t>& parents) {
  std::vector<bool> selected(tree.clusters, true);
  selected[0] = false;
  for (std::size_t c = 1; c < tree.clusters; ++c) selected[parents[c]] = false;
  return selected;
}

// Goes up from each selected cluster born at less than epsilon. In ascending order, one below a cluster that was come
// by is left out.
std::vector<bool> merge_small(const condensed_tree& tree, const std::vector<bool>& selected,
                              const std::vector<std::size_t>& parents, double epsilon) {
  const std::vector<double> births = find_births(tree);
  const auto distance = [&](std::size_t c) { return 1 / births[c]; };
  std::vector<bool> kept(tree.clusters, false), found(tree.clusters, false);
  const auto is_below_found = [&](std::size_t c) {
    while (c != 0)
      if (c = parents[c]; found[c]) return true;
    return false;
  };
  for (std::size_t c = 1; c < tree.clusters; ++c) {
    if (!selected[c]) continue;
    if (!(distance(c) < epsilon)) {
      kept[c] = true;
      continue;
    }
    if (is_below_found(c)) continue;
    std::size_t top = c;
    while (parents[top] != 0) {
      top = parents[top];
      if (distance(top) > epsilon) break;
    }
    kept[top] = found[top] = true;
  }
  return kept;
}

}  // namespace

std::vector<bool> select_clusters(const condensed_tree& tree, selection how, double epsilon) {
  const std::vector<std::size_t> parents = find_parents(tree);
  const std::vector<bool> selected =
      how == selection::leaf ? select_leaves(tree, parents) : select_by_mass(tree, parents);
  return epsilon > 0 ? merge_small(tree, selected, parents, epsilon) : selected;
}

}  // namespace hdbscan
