// Where the figures of NVIDIA's cards come from, and which of the cards CUDA shows to this process.
#pragma once
#include <optional>
#include <string>

namespace flowrun {

struct gpu_options {
  std::string nvml = "libnvidia-ml.so.1";  // the driver's library: a name the loader searches, or a path
  // CUDA reads CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER of the process's environment. The engine reads none: who has
  // set them says so here, or cuda:1 is planned on the memory of another card than it runs on.
  std::optional<std::string> visible_devices;
  std::string device_order;
};

}  // namespace flowrun
