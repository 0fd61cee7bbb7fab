#include "result_layout.hpp"

#include <stdexcept>

#include "../graph/nearest_name.hpp"
#include "../graph/read_outputs.hpp"

namespace flowrun::core {

std::size_t result_layout::find(std::string_view name) const {
  std::size_t found = values.size();
  std::vector<std::string> names, of_stage, near;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const held_value& v = values[i];
    names.push_back(v.stage + "." + v.port);
    if (name == names.back()) return i;
    near.push_back(v.stage);
    if (name != v.stage) continue;
    found = i;
    of_stage.push_back(names.back());
  }
  if (of_stage.size() == 1) return found;
  const std::string wrong(name);
  if (of_stage.size() > 1)
    throw std::logic_error("results hold several values of stage '" + wrong + "': " + list_names(of_stage) +
                           "; name one");
  near.insert(near.end(), names.begin(), names.end());
  throw std::logic_error("results hold no value '" + wrong + "'; they hold: " + list_names(names) +
                         did_you_mean(wrong, near));
}

void keep_results(checked_graph& graph) {
  const std::vector<std::vector<bool>> read = read_outputs(graph);
  for (std::size_t i = 0; i < read.size(); ++i) {
    checked_stage& s = graph.stages[i];
    s.kept.resize(read[i].size());
    for (std::size_t port = 0; port < read[i].size(); ++port)
      if (!read[i][port]) s.kept[port] = true;
  }
}

result_layout plan_results(const checked_graph& graph, const stage_code& code) {
  result_layout layout;
  int value = 0;
  for (std::size_t i = 0; i < graph.stages.size(); ++i) {
    const checked_stage& s = graph.stages[i];
    for (std::size_t port = 0; port < s.manifest.outputs.size(); ++port, ++value)
      if (s.kept[port])
        layout.values.push_back(
            {s.name, s.manifest.outputs[port].name, code.stages[i]->outputs[port].type, static_cast<int>(i), value});
  }
  return layout;
}

}  // namespace flowrun::core
