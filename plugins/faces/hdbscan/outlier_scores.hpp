// GLOSH: how far out a point is, as seen from the densest of the cluster it leaves last.
#pragma once
#include "condensed_tree.hpp"

namespace hdbscan {

// Of every point, 0 to 1: (most - lambda) / most, with the lambda it leaves at and the greatest one in and below the
// cluster it leaves. 1 where the greatest is infinite (points coincide) and its own is not.
std::vector<double> find_outlier_scores(const condensed_tree&);

}  // namespace hdbscan
