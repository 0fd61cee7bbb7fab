// How long clusters last.
#pragma once
#include "condensed_tree.hpp"

namespace hdbscan {

// Of every cluster: the sum over its points of the lambdas they stayed for. Infinite or nan under points that coincide.
std::vector<double> find_stabilities(const condensed_tree&);
// Of every cluster: the lambda it came to be at; 0 for the root.
std::vector<double> find_births(const condensed_tree&);
// Of every cluster: the greatest lambda at which anything left it.
std::vector<double> find_deaths(const condensed_tree&);

}  // namespace hdbscan
