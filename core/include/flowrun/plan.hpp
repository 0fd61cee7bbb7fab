// What a graph would get of a device, before anything runs.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "api.hpp"
#include "engine.hpp"

namespace flowrun {

struct planned_stage {
  std::string name, use, model, device, precision;
  std::uint64_t wished_batch = 0, batch = 0;  // rows
  int slots = 0, lanes = 0;                   // batches on the device at once, threads that call it
  std::uint64_t resident = 0, workspace = 0;  // bytes: weights, and what one batch takes
  bool batched = true;                        // false: a device stage, whose slots are calls of the stage
};

struct planned_device {
  std::string name;
  std::uint64_t total = 0, budget = 0, residents = 0, pool = 0;  // bytes; pool = budget - residents
  std::string problem;                                           // why the stages do not fit; empty: they do
  std::string card;                                              // a GPU's name; empty: a simulated device
};

struct FLOWRUN_API plan_report {
  std::vector<planned_stage> stages;  // model stages and device stages
  std::vector<planned_device> devices;
  int threads = 0, in_flight = 0;
  std::string problem;  // a model that cannot run at all; empty: none
  bool ok() const;
};

// The graph must be ok(). threads 0: as the run would have it.
FLOWRUN_API plan_report plan_graph(const graph& g, int threads = 0);
FLOWRUN_API std::string to_text(const plan_report& p);
FLOWRUN_API std::string to_json(const plan_report& p);

}  // namespace flowrun
