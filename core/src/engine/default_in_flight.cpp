#include "default_in_flight.hpp"

#include <algorithm>

namespace flowrun::core {

int in_flight_for_batches(const checked_graph& graph, const std::vector<model_run>& models, int threads) {
  std::vector<std::size_t> before(graph.stages.size());
  std::size_t most = 0;
  for (std::size_t i = 0; i < graph.stages.size(); ++i) {
    for (const auto& input : graph.stages[i].inputs)
      for (port_index from : input) before[i] = std::max(before[i], before[static_cast<std::size_t>(from.stage)]);
    if (!models.empty() && (models[i].file || !models[i].networks.empty()))
      before[i] += models[i].batch * (static_cast<std::size_t>(models[i].slots) + 1);
    most = std::max(most, before[i]);
  }
  return static_cast<int>(most) + threads;
}

int default_in_flight(const checked_graph& graph, const std::vector<model_run>& models, int threads) {
  return std::max(std::clamp(16 * threads, 16, 256), in_flight_for_batches(graph, models, threads));
}

}  // namespace flowrun::core
