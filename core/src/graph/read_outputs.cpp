#include "read_outputs.hpp"

namespace flowrun::core {

std::vector<std::vector<bool>> read_outputs(const checked_graph& graph) {
  std::vector<std::vector<bool>> read;
  for (const checked_stage& s : graph.stages) read.emplace_back(s.manifest.outputs.size());
  for (const checked_stage& s : graph.stages)
    for (const auto& input : s.inputs)
      for (port_index from : input)
        read[static_cast<std::size_t>(from.stage)][static_cast<std::size_t>(from.port)] = true;
  return read;
}

}  // namespace flowrun::core
