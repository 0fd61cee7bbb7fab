// What the checks of one graph share. Each check reads what the ones before it have found, and adds problems.
#pragma once
#include <set>
#include <vector>

#include "../model/model_catalog.hpp"
#include "../plugin/stage_catalog.hpp"
#include "apply_profiles.hpp"
#include "checked_graph.hpp"
#include "problem_sink.hpp"

namespace flowrun::core {

struct linked_port {
  port_index from;  // stages in file order
  position at;
};

struct stage_draft {
  const stage_spec* spec = nullptr;
  const stage_manifest* manifest = nullptr;      // null: there is no such stage
  std::vector<std::vector<linked_port>> inputs;  // one per manifest input
  bool whole = true;                             // false: what it reads from is not fully known
  stage_settings_text given;                     // keys and params after --set and profiles
  checked_stage settings;                        // params, parallel, retries ... ; not the ports
  std::set<int> sources;                         // in file order
  std::vector<bool> read, kept;                  // one per output
};

struct graph_state {
  const graph_spec& spec;
  const stage_catalog& catalog;
  const model_catalog& models;
  const profile_choice& profiles;
  problem_sink& out;
  std::vector<stage_draft> stages;  // as in the file
  std::vector<int> order;           // every stage after those it reads from; shorter when there is a loop
  run_settings run;
};

// In the order in which check_graph calls them.
void find_stages(graph_state& g);     // use
void check_settings(graph_state& g);  // stage keys and params
void find_models(graph_state& g);     // the model files of model stages
void link_inputs(graph_state& g);     // in: names, ports, types
void order_stages(graph_state& g);    // loops
void check_sources(graph_state& g);   // joins, unions, what may follow a gather
void choose_kept(graph_state& g);     // keep, gather inputs, store: none
void check_caches(graph_state& g);    // cache
void find_unused(graph_state& g);     // warnings

// Of a model with a state by stream, named at `at`.
void check_stream_state(graph_state& g, const stage_draft& s, const model_file& model, position at);

// "stage 'mask' (opencv.threshold)"
std::string stage_text(const stage_draft& s);
// "photos.image"
std::string port_text(const graph_state& g, port_index p);
// Index of the stage of that name, -1 after having said that there is none.
int find_stage(graph_state& g, const port_ref& ref, const std::string& reader);
// Index of the output, -1 after having said what is wrong.
int find_output(graph_state& g, int stage, const port_ref& ref);
const type_manifest& type_of(const graph_state& g, port_index p);

}  // namespace flowrun::core
