// What of a graph is recorded per item, under which fingerprint.
#pragma once
#include <string>
#include <vector>

#include "../graph/checked_graph.hpp"
#include "../store/fingerprint.hpp"
#include "../store/run_store.hpp"

namespace flowrun::core {

struct stage_outcome {
  int stage = 0;
  int port = -1;  // -1: a sink, or a leaf whose value is not kept
};

struct outcome_plan {
  std::vector<outcome> outcomes;
  std::vector<stage_outcome> where;             // by outcome
  std::vector<std::string> stage_fingerprints;  // by stage
  // The outcome of a kept port; -1: it is not kept.
  int find(port_index port) const;
};

// A param's value and which kind it is.
void add_value(fingerprint_hash& h, const param_value& value);

// Of everything that decides a stage's answer to a given input: the stage, its version, params and model.
std::string fingerprint_alone(const checked_stage& s, const std::string& model);

// `models`: by stage, what of its model decides its answers; empty: no stage has one.
outcome_plan plan_outcomes(const checked_graph& graph, const std::vector<std::string>& models);

}  // namespace flowrun::core
