// Which cluster each point is in, and how surely.
#pragma once
#include "condensed_tree.hpp"

namespace hdbscan {

struct labelling {
  std::vector<std::int32_t> labels;   // 0 and up by the clusters' place in the condensed tree; -1: in none
  std::vector<double> probabilities;  // 0 to 1: the lambda a point leaves at, by its cluster's greatest; 0 in none
};

// `selected`: of every cluster. A point is in the nearest selected cluster above it.
labelling label_points(const condensed_tree&, const std::vector<bool>& selected);

}  // namespace hdbscan
