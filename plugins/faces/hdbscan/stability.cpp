#include "stability.hpp"

#include <algorithm>

namespace hdbscan {

std::vector<double> find_births(const condensed_tree& tree) {
  std::vector<double> births(tree.clusters, 0);
  for (const tree_row& row : tree.rows)
    if (!tree.is_point(row)) births[tree.child(row)] = row.lambda;
  return births;
}

std::vector<double> find_stabilities(const condensed_tree& tree) {
  const std::vector<double> births = find_births(tree);
  std::vector<double> stabilities(tree.clusters, 0);
  for (const tree_row& row : tree.rows)
    stabilities[tree.parent(row)] += (row.lambda - births[tree.parent(row)]) * static_cast<double>(row.size);
  return stabilities;
}

std::vector<double> find_deaths(const condensed_tree& tree) {
  std::vector<double> deaths(tree.clusters, 0);
  for (const tree_row& row : tree.rows) deaths[tree.parent(row)] = std::max(deaths[tree.parent(row)], row.lambda);
  return deaths;
}

}  // namespace hdbscan
