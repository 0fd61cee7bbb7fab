#include "hdbscan.hpp"

#include <oneapi/tbb/task_arena.h>

#include <cmath>
#include <stdexcept>

#include "check_points.hpp"
#include "outlier_scores.hpp"
#include "spanning_tree.hpp"

namespace hdbscan {
namespace {

void check_settings(const settings& s) {
  if (s.min_cluster_size < 2)
    throw std::invalid_argument("hdbscan: min_cluster_size is " + std::to_string(s.min_cluster_size) +
                                "; right: 2 or more");
  if (!(s.epsilon >= 0) || !std::isfinite(s.epsilon))
    throw std::invalid_argument("hdbscan: epsilon is " + std::to_string(s.epsilon) + "; right: 0 or a distance");
  if (s.threads < 0)
    throw std::invalid_argument("hdbscan: threads is " + std::to_string(s.threads) +
                                "; right: 1 or more, or 0 for all of the arena");
}

std::vector<edge> find_edges(const points& all, const settings& s, const search_effort& effort,
                             search_figures& figures) {
  const std::size_t k = s.min_samples > 0 ? s.min_samples : s.min_cluster_size;
  if (s.threads == 0) return find_spanning_tree(all, k, effort, &figures);
  tbb::task_arena arena(s.threads);
  return arena.execute([&] { return find_spanning_tree(all, k, effort, &figures); });
}

}  // namespace

clustering cluster(const points& all, const settings& s, const search_effort& effort) {
  check_settings(s);
  check_points(all);
  clustering made;
  for (const edge& e : find_edges(all, s, effort, made.figures)) made.tree.push_back({e.a, e.b, std::sqrt(e.weight)});
  if (all.count < 2) {  // nobody to be with
    made.labels.assign(all.count, -1);
    made.probabilities.assign(all.count, 0);
    made.outlier_scores.assign(all.count, 0);
    made.condensed.points = all.count;
    return made;
  }
  made.condensed = condense(link(made.tree), s.min_cluster_size);
  labelling labels = label_points(made.condensed, select_clusters(made.condensed, s.method, s.epsilon));
  made.labels = std::move(labels.labels);
  made.probabilities = std::move(labels.probabilities);
  made.outlier_scores = find_outlier_scores(made.condensed);
  return made;
}

}  // namespace hdbscan
