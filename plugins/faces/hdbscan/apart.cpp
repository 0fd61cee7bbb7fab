#include "apart.hpp"

#include <unordered_map>
#include <unordered_set>

namespace hdbscan {
namespace {

using group_set = std::unordered_set<std::uint32_t>;

// The smaller goes into the larger. Returns whether they had one in common.
bool pour(group_set& from, group_set& into) {
  if (from.size() > into.size()) from.swap(into);
  bool common = false;
  for (const std::uint32_t group : from) common = !into.insert(group).second || common;
  from.clear();
  return common;
}

// Of every cluster, whether the two that it splits into, or that one below it splits into, hold a point of one group.
// Points that leave a cluster before it splits are in neither.
std::vector<bool> find_mixed(const condensed_tree& tree, const std::vector<std::size_t>& parents,
                             const std::vector<std::uint32_t>& groups) {
  std::vector<group_set> own(tree.clusters), below(tree.clusters);
  for (const tree_row& row : tree.rows)
    if (tree.is_point(row)) own[tree.parent(row)].insert(groups[row.child]);
  std::vector<bool> mixed(tree.clusters, false);
  for (std::size_t c = tree.clusters; c-- > 1;) {  // every cluster after those it splits into
    pour(own[c], below[c]);
    const bool common = pour(below[c], below[parents[c]]);
    if (common || mixed[c]) mixed[parents[c]] = true;
  }
  return mixed;
}

// Down from each selected cluster that is mixed to those below it that are not. A cluster that splits into none is not.
void give_way(std::vector<bool>& selected, const std::vector<bool>& mixed, const std::vector<std::size_t>& parents) {
  std::vector<bool> gone(selected.size(), false);
  for (std::size_t c = 1; c < selected.size(); ++c) {
    if (gone[parents[c]]) selected[c] = true;
    gone[c] = selected[c] && mixed[c];
    if (gone[c]) selected[c] = false;
  }
}

void leave(labelling& made, std::size_t point) {
  made.labels[point] = -1;
  made.probabilities[point] = 0;
}

void keep_one_of_each(labelling& made, const std::vector<std::uint32_t>& groups) {
  std::unordered_map<std::uint64_t, std::size_t> best;  // by label and group
  for (std::size_t i = 0; i < made.labels.size(); ++i) {
    if (made.labels[i] < 0) continue;
    const auto [at, first] = best.try_emplace(static_cast<std::uint64_t>(made.labels[i]) << 32 | groups[i], i);
    if (first) continue;
    const std::size_t weaker = made.probabilities[i] > made.probabilities[at->second] ? at->second : i;
    if (weaker != i) at->second = i;
    leave(made, weaker);
  }
}

void drop_small(labelling& made, std::size_t least) {
  std::unordered_map<std::int32_t, std::size_t> sizes;
  for (const std::int32_t label : made.labels) ++sizes[label];
  for (std::size_t i = 0; i < made.labels.size(); ++i)
    if (made.labels[i] >= 0 && sizes[made.labels[i]] < least) leave(made, i);
}

}  // namespace

labelling label_apart(const condensed_tree& tree, std::vector<bool> selected, const std::vector<std::uint32_t>& groups,
                      std::size_t min_cluster_size) {
  const std::vector<std::size_t> parents = find_parents(tree);
  give_way(selected, find_mixed(tree, parents, groups), parents);
  labelling made = label_points(tree, selected);
  keep_one_of_each(made, groups);
  drop_small(made, min_cluster_size);
  return made;
}

}  // namespace hdbscan
