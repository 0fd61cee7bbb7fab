// Reads what devices and cores do while a run lasts: a thread looks at the devices four times a second, and ends with
// the run.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "../device/device_watch.hpp"
#include "core_use.hpp"

#include <flowrun/run.hpp>

namespace flowrun::core {

class run_sampler {
 public:
  explicit run_sampler(std::vector<std::shared_ptr<device_state>> devices,
                       std::chrono::milliseconds every = std::chrono::milliseconds(250));
  ~run_sampler();
  run_sampler(const run_sampler&) = delete;
  run_sampler& operator=(const run_sampler&) = delete;

  // The last reading is taken, and the thread is gone.
  void end();

  void fill(progress& p);      // what was read last; any thread
  void fill(report& r) const;  // of the whole run; after end(), when r.devices are there. Faults become notes

 private:
  struct figures {  // of a device
    std::uint64_t samples = 0;
    double busy_sum = 0, known_seconds = 0, busy_now = -1;
    double busy_seconds = 0;  // of the device's own clock, from the run's begin to the last look
    std::uint64_t used = 0, peak_used = 0, peak_others = 0;
    std::string fault;
  };
  void watch(std::chrono::milliseconds every);
  void look();

  const std::vector<std::shared_ptr<device_state>> devices_;
  std::vector<std::unique_ptr<device_watch>> watches_;
  const core_sources sources_;
  const core_reading began_;
  mutable std::mutex mutex_;  // what follows
  std::condition_variable changed_;
  bool ending_ = false;
  std::vector<figures> figures_;
  const std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point looked_;
  core_reading last_, ended_;
  double cpu_now_ = -1;
  std::thread thread_;
};

}  // namespace flowrun::core
