// Exact HDBSCAN*: clusters of differing density and points in none, by Euclidean distance. For cosine, make the rows
// unit rows first (unit_rows.hpp).
#pragma once
#include "condensed_tree.hpp"
#include "labels.hpp"
#include "search_effort.hpp"
#include "selection.hpp"
#include "tree_edge.hpp"

namespace hdbscan {

struct settings {
  std::size_t min_cluster_size = 5;  // 2 and up
  std::size_t min_samples = 0;       // a core distance is that to this nearest other point; 0: min_cluster_size
  selection method = selection::excess_of_mass;
  double epsilon = 0;  // clusters closer than this are not split
  int threads = 0;     // 0: those of the arena the call is made in
};

struct clustering {
  std::vector<std::int32_t> labels;    // of every point, 0 and up; -1: in no cluster
  std::vector<double> probabilities;   // 0 to 1, 0 in no cluster
  std::vector<double> outlier_scores;  // 0 to 1
  std::vector<tree_edge> tree;         // the minimum spanning tree, shortest first
  condensed_tree condensed;
  search_figures figures;
};

// Throws std::invalid_argument at settings or points that mean nothing. The result does not depend on the machine or on
// the number of threads, nor, unless distances are equal, on the order of the points. Besides the points it needs up to
// about one and a half times their memory.
clustering cluster(const points&, const settings& = {}, const search_effort& = {});

}  // namespace hdbscan
