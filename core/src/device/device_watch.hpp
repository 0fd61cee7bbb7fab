// What a device does from a moment on: a run's part of its life. A device is shared by all engines of the process.
#pragma once
#include <cstdint>
#include <memory>

#include "device_state.hpp"

namespace flowrun::core {

class device_watch {
 public:
  explicit device_watch(std::shared_ptr<device_state> of);
  ~device_watch();
  device_watch(const device_watch&) = delete;
  device_watch& operator=(const device_watch&) = delete;

  // Whoever's they were:
  double busy_seconds() const;       // in which at least one session ran
  std::uint64_t peak_taken() const;  // the most bytes that slots had at once

 private:
  friend class device_state;
  const std::shared_ptr<device_state> of_;
  const double busy_before_;
  std::uint64_t peak_ = 0;  // under the device's mutex
};

}  // namespace flowrun::core
