#include "outlier_scores.hpp"

#include <algorithm>
#include <cmath>

#include "stability.hpp"

namespace hdbscan {

std::vector<double> find_outlier_scores(const condensed_tree& tree) {
  std::vector<double> most = find_deaths(tree);
  for (auto row = tree.rows.rbegin(); row != tree.rows.rend(); ++row)
    if (!tree.is_point(*row)) most[tree.parent(*row)] = std::max(most[tree.parent(*row)], most[tree.child(*row)]);
  std::vector<double> scores(tree.points, 0);
  for (const tree_row& row : tree.rows) {
    if (!tree.is_point(row)) continue;
    const double top = most[tree.parent(row)];
    if (top == 0 || !std::isfinite(row.lambda)) continue;
    scores[row.child] = std::isfinite(top) ? (top - row.lambda) / top : 1;
  }
  return scores;
}

}  // namespace hdbscan
