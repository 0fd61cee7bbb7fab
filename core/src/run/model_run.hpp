// What a model stage or a device stage runs with: settled by the plan and the backend before the run.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <flowrun/backend.hpp>
#include <flowrun/rows.hpp>

namespace flowrun::core {

class device_state;

// One of the networks of a device stage, which calls them itself.
struct lane_network {
  std::string name;  // as the stage has it
  row_format format;
  std::shared_ptr<flowrun::session> session;
  std::size_t rows = 1;  // most in one call
};

struct model_run {
  const model_file* file = nullptr;  // null: the stage fills no batches
  decltype(row_format::put) put = nullptr;
  // Null: the CPU; sessions then run in the run's own threads. It stands before the session, which gives memory of it
  // back when it goes.
  std::shared_ptr<device_state> on;
  std::shared_ptr<flowrun::session> session;
  std::size_t batch = 1;                 // rows
  std::size_t ceiling = 0;               // rows an earlier run found to be the most; 0: none found
  int slots = 1;                         // batches past the limiter at once
  int lanes = 1;                         // threads that call the session; at least `slots`
  std::uint64_t per_row = 0, fixed = 0;  // device bytes of a call: fixed + rows * per_row
  // The session ran out of memory with more than `rows`.
  std::function<void(std::size_t rows)> on_ceiling;
  // Of a device stage, in the order of its description; each call of the stage takes `fixed` bytes of the device.
  std::vector<lane_network> networks;
  // Gives the memory of the sessions back: no packet will reach the stage any more. Empty: they stay to the run's end.
  std::function<void()> release;
};

}  // namespace flowrun::core
