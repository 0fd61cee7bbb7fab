// Checked graphs out of C++ stages, without files and plugins.
#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <flowrun/plugin.hpp>

#include "run/dataflow.hpp"

namespace flowrun::core {

template <class... Stages> class graph_builder {
 public:
  checked_graph graph;
  std::vector<const stage_info*> code;

  // Inputs by index of the stage read from, always its first output. Returns the new stage's index.
  int add(const std::string& kind, std::vector<int> inputs = {},
          std::vector<std::pair<std::string, param_value>> params = {}) {
    const stage_info& info =
        *std::find_if(kinds().begin(), kinds().end(), [&](const stage_info& s) { return s.name == kind; });
    checked_stage s;
    s.name = kind + std::to_string(graph.stages.size());
    s.manifest = make_manifest("test", info);
    for (const param_info& p : info.params) {
      s.params.push_back(p.default_value);
      for (const auto& given : params)
        if (given.first == p.name) s.params.back() = given.second;
    }
    for (int from : inputs) s.inputs.push_back({port_index{from, 0}});
    s.sources = {0};
    s.kept.assign(info.outputs.size(), false);
    graph.stages.push_back(std::move(s));
    code.push_back(&info);
    return static_cast<int>(graph.stages.size()) - 1;
  }
  checked_stage& at(int stage) { return graph.stages[static_cast<std::size_t>(stage)]; }

  static const std::vector<stage_info>& kinds() {
    static const std::vector<stage_info> all = flowrun::detail::all_stages<Stages...>();
    return all;
  }
};

}  // namespace flowrun::core
