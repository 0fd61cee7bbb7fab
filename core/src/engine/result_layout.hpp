// Which values the results of a live run hold.
#pragma once
#include <flowrun/port_type.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "../graph/checked_graph.hpp"
#include "stage_code.hpp"

namespace flowrun::core {

struct result_layout {
  struct held_value {
    std::string stage, port;
    const type_info* type = nullptr;
    int stage_index = 0;
    int value_index = 0;  // among all stages' outputs in a row, as an item in flight has them
  };
  std::vector<held_value> values;

  // By "stage" or "stage.output". Throws std::logic_error, which names what there is.
  std::size_t find(std::string_view name) const;
};

// Marks every output that no stage reads as kept, beside those the graph's `keep` names: their values then live until
// the item ends.
void keep_results(checked_graph& graph);
// What is kept of `graph`.
result_layout plan_results(const checked_graph& graph, const stage_code& code);

}  // namespace flowrun::core
