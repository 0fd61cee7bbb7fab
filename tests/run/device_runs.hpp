// What the tests of device stages share: a device, and faults on request.
#pragma once
#include "batch_stages.hpp"
#include "device/simulated_memory.hpp"
#include "run_to_end.hpp"

namespace flowrun::core::batch_stages {

inline std::shared_ptr<device_state> sim_device(std::uint64_t bytes) {
  device_spec spec;
  spec.text = "sim";
  spec.kind = "sim";
  spec.memory = bytes;
  auto device = std::make_shared<device_state>(spec);
  device->set_pool(bytes);
  return device;
}

inline std::shared_ptr<timed_session> faulty(std::function<run_result(std::size_t)> fault) {
  auto s = std::make_shared<timed_session>();
  s->fault = std::move(fault);
  return s;
}

// Fails at one call, by its number from 0.
inline std::function<run_result(std::size_t)> at_call(int number, run_outcome outcome, const char* text) {
  auto calls = std::make_shared<std::atomic<int>>(0);
  return [=](std::size_t) { return calls->fetch_add(1) == number ? run_result{outcome, text} : run_result{}; };
}

}  // namespace flowrun::core::batch_stages
