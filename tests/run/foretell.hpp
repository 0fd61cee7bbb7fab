// A random graph as it was planned, and what must come out of it for each item.
#pragma once
#include <vector>

#include "random_stages.hpp"
#include "run/dataflow.hpp"

namespace flowrun::core {

using namespace random_stages;

struct planned_graph {
  checked_graph graph;
  std::vector<const stage_info*> code;
  std::vector<odds> chances;  // by stage
  std::vector<model_run> models;
  std::vector<medium> media;  // empty: stills alone
};

struct expected_answer {
  status answered = status::value;
  double value = 0;
};

// The whole graph for one item, the first `stages` of them, by the rules of the docs page. A session's random failure
// is no matter of the item: where one happened to `it`, the answer is taken as it is; null: none did.
std::vector<expected_answer> foretell(const planned_graph& p, std::uint64_t item, std::size_t stages,
                                      const core::item* it);
item_end foretell_end(const planned_graph& p, const std::vector<expected_answer>& all);

}  // namespace flowrun::core
