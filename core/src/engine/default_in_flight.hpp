// How many items are in work at once when nobody says.
#pragma once
#include <vector>

#include "../graph/checked_graph.hpp"
#include "../run/model_run.hpp"

namespace flowrun::core {

// Enough for every thread to have a queue before it and for every batch to fill while the slots are busy; memory is
// `ram`'s business.
int default_in_flight(const checked_graph& graph, const std::vector<model_run>& models, int threads);

// What a graph's batches need: on the longest path, batch x (slots + 1) of every model stage, and a thread each.
int in_flight_for_batches(const checked_graph& graph, const std::vector<model_run>& models, int threads);

}  // namespace flowrun::core
