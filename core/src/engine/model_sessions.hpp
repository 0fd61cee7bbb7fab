// The sessions of a run: which device, which file, how many rows and slots; opened before anything is read.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include <flowrun/process.hpp>

#include "../device/device_state.hpp"
#include "../graph/checked_graph.hpp"
#include "../model/opened_model.hpp"
#include "../plan/vram_plan.hpp"
#include "../plugin/stage_catalog.hpp"
#include "../run/model_run.hpp"
#include "held_session.hpp"
#include "row_ceilings.hpp"

namespace flowrun::core {

// Which file of a model runs, and how.
struct planned_file {
  const model_file* model = nullptr;
  const model_variant* variant = nullptr;
  std::string precision;
  std::size_t rows = 1;  // most in one call, of a device stage
};

// What a model stage or a device stage was given, in the order of the graph; other stages have none.
struct planned_model {
  int stage = -1;
  std::vector<planned_file> files;  // one per model of the stage, in the order of its description
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

// Of every model stage and device stage the device as it is named, the file and the precision. The device is looked at
// only where a model has a file for an architecture of GPU. Throws model_error.
std::vector<planned_model> choose_files(const checked_graph& graph, const gpu_options& gpus);

// Pure but for reading the memory of a device and how much of it is free. `threads`: the lanes of a model on the CPU.
// Throws model_error when a device is not there, a model has no file for it, or does not fit; `refused`, if given,
// takes the texts of what does not fit instead.
model_plan plan_models(const checked_graph& graph, const gpu_options& gpus, int threads,
                       std::vector<std::string>* refused = nullptr);

// By stage, what of its models decides its answers: the files' sha256 and the precision. Throws model_error.
std::vector<std::string> identify_models(const checked_graph& graph, const gpu_options& gpus);

class model_sessions {
 public:
  // `adjust_process`: the backends may set what is the process's. Throws model_error or plugin_error.
  model_sessions(const checked_graph& graph, const stage_catalog& catalog, const gpu_options& gpus, int threads,
                 const std::filesystem::path& cache_folder, bool adjust_process);

  std::vector<model_run> runs;          // by stage; empty: no stage of the graph runs a model
  std::vector<std::string> identities;  // as identify_models() has them
  std::vector<std::shared_ptr<device_state>> devices;
  std::vector<std::string> notes;  // for the report

 private:
  std::shared_ptr<held_session> open(const planned_model& p, std::size_t model, const model_run& run,
                                     const stage_catalog& catalog, bool pin, const process_options* process);
  void note_ceiling(const checked_stage& s, const planned_model& p, model_run& run, const std::string& sha256,
                    const std::shared_ptr<row_ceilings>& ceilings);

  std::vector<opened_model> files_;
};

}  // namespace flowrun::core
