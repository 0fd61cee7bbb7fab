// Which clusters of the condensed tree are told.
#pragma once
#include "condensed_tree.hpp"

namespace hdbscan {

enum class selection { excess_of_mass, leaf };

// Of every cluster, whether it is selected; the root never is. With an epsilon above 0 no cluster is selected that came
// to be at a smaller distance: its nearest ancestor that did at a greater one is, or the last below the root.
std::vector<bool> select_clusters(const condensed_tree&, selection, double epsilon);

}  // namespace hdbscan
