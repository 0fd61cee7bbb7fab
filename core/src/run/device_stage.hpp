// A device stage while it runs: what its calls run with, and what is counted of them.
#pragma once
#include <atomic>

#include "calling_time.hpp"
#include "model_run.hpp"

namespace flowrun::core {

struct device_stage {
  explicit device_stage(model_run run) : setup(std::move(run)) {}

  const model_run setup;

  std::atomic<std::uint64_t> calls{0}, rows{0}, out_of_memory{0}, session_ns{0};  // of the networks
  std::atomic<std::uint64_t> wait_ns{0};        // items waited for a slot and for memory of the device
  std::atomic<int> in_slots{0}, peak_slots{0};  // items past the limiter
  calling_time calling;
};

}  // namespace flowrun::core
