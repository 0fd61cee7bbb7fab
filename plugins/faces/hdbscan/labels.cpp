#include "labels.hpp"

#include <algorithm>
#include <cmath>

#include "stability.hpp"

namespace hdbscan {
namespace {

constexpr std::size_t root = 0;  // is never selected: who comes down to it is in no cluster

// Of every cluster: the nearest selected one, itself or above; the root if there is none.
std::vector<std::size_t> find_owners(const condensed_tree& tree, const std::vector<bool>& selected) {
  std::vector<std::size_t> owners(tree.clusters, root);
  for (const tree_row& row : tree.rows)
    if (!tree.is_point(row))
      owners[tree.child(row)] = selected[tree.child(row)] ? tree.child(row) : owners[tree.parent(row)];
  return owners;
}

}  // namespace

labelling label_points(const condensed_tree& tree, const std::vector<bool>& selected) {
  std::vector<std::int32_t> numbers(tree.clusters, -1);
  std::int32_t next = 0;
  for (std::size_t c = 0; c < tree.clusters; ++c)
    if (selected[c]) numbers[c] = next++;
  const std::vector<std::size_t> owners = find_owners(tree, selected);
  const std::vector<double> deaths = find_deaths(tree);
  labelling made{std::vector<std::int32_t>(tree.points, -1), std::vector<double>(tree.points, 0)};
  for (const tree_row& row : tree.rows) {
    const std::size_t owner = owners[tree.parent(row)];
    if (!tree.is_point(row) || owner == root) continue;
    const double death = deaths[owner];
    made.labels[row.child] = numbers[owner];
    made.probabilities[row.child] = death == 0 || !std::isfinite(row.lambda) ? 1 : std::min(row.lambda, death) / death;
  }
  return made;
}

}  // namespace hdbscan
