// The sessions of a run: which device, which file, how many rows and slots; opened before anything is read.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "../device/device_state.hpp"
#include "../graph/checked_graph.hpp"
#include "../model/opened_model.hpp"
#include "../plan/vram_plan.hpp"
#include "../plugin/stage_catalog.hpp"
#include "../run/model_run.hpp"

namespace flowrun::core {

// What a model stage was given, in the order of the graph; other stages have none.
struct planned_model {
  int stage = -1;
  const model_variant* variant = nullptr;
  std::string precision;
  device_spec device;
  vram_wish wish;
  vram_share share;
};

struct device_plan {
  device_spec device;
  std::shared_ptr<device_state> state;
  vram_result result;
};

struct model_plan {
  std::vector<planned_model> models;
  std::vector<device_plan> devices;  // without the CPU
};

// Of every model stage the device as it is named, the file and the precision: what needs no look at the device. Throws
// model_error.
std::vector<planned_model> choose_files(const checked_graph& graph);

// Pure but for reading the memory of a device and how much of it is free. `threads`: the lanes of a model on the CPU.
// Throws model_error when a device is not there, a model has no file for it, or does not fit; `refused`, if given,
// takes the texts of what does not fit instead.
model_plan plan_models(const checked_graph& graph, const gpu_options& gpus, int threads,
                       std::vector<std::string>* refused = nullptr);

// By stage, what of its model decides its answers: the file's sha256 and the precision. Throws model_error.
std::vector<std::string> identify_models(const checked_graph& graph);

class model_sessions {
 public:
  // Throws model_error or plugin_error.
  model_sessions(const checked_graph& graph, const stage_catalog& catalog, const gpu_options& gpus, int threads,
                 const std::filesystem::path& cache_folder);

  std::vector<model_run> runs;          // by stage; empty: the graph has no model stages
  std::vector<std::string> identities;  // as identify_models() has them
  std::vector<std::shared_ptr<device_state>> devices;
  std::vector<std::string> notes;  // for the report

 private:
  std::vector<opened_model> files_;
};

}  // namespace flowrun::core
