#include "nvml.hpp"

#include <dlfcn.h>

namespace flowrun::core {

namespace {

constexpr auto what_helps = "install NVIDIA's driver, or use cpu or sim:SIZE";

template <class F> bool find(void* library, const char* name, F*& function) {
  function = reinterpret_cast<F*>(dlsym(library, name));
  return function != nullptr;
}

}  // namespace

const char* nvml::find_functions() {
  nvml_functions& f = functions_;
  find(library_, "nvmlErrorString", f.error_text);
  find(library_, "nvmlDeviceGetUtilizationRates", f.utilization);
  find(library_, "nvmlDeviceGetCudaComputeCapability", f.capability);
  // Since driver 510, and of the same layout since 450. What is older tells less of a process and is not asked.
  if (!find(library_, "nvmlDeviceGetComputeRunningProcesses_v3", f.processes))
    find(library_, "nvmlDeviceGetComputeRunningProcesses_v2", f.processes);
  const char* name = nullptr;
  const bool all = find(library_, name = "nvmlInit_v2", f.init) && find(library_, name = "nvmlShutdown", f.shutdown) &&
                   find(library_, name = "nvmlDeviceGetCount_v2", f.count) &&
                   find(library_, name = "nvmlDeviceGetHandleByIndex_v2", f.handle) &&
                   find(library_, name = "nvmlDeviceGetName", f.name) &&
                   find(library_, name = "nvmlDeviceGetUUID", f.uuid) &&
                   find(library_, name = "nvmlDeviceGetMemoryInfo", f.memory);
  return all ? nullptr : name;
}

std::shared_ptr<const nvml> nvml::open(const std::string& library, std::string& fault) {
  std::shared_ptr<nvml> made(new nvml);
  made->library_ = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!made->library_) {
    const char* why = dlerror();
    fault = "no NVIDIA driver answers: " + std::string(why ? why : library.c_str()) + "; " + what_helps;
    return nullptr;
  }
  if (const char* missing = made->find_functions()) {
    fault = "the NVIDIA driver's " + library + " has no function " + missing +
            ": it is too old, or another library; install a driver from 450 on, or use cpu or sim:SIZE";
    return nullptr;
  }
  if (const int status = made->functions_.init(); status != nvml_ok) {
    fault = "the NVIDIA driver's " + library + " does not start: " + made->explain(status) + "; " + what_helps;
    return nullptr;
  }
  made->started_ = true;
  return made;
}

nvml::~nvml() {
  if (started_) functions_.shutdown();
  if (library_) dlclose(library_);
}

std::string nvml::explain(int status) const {
  const char* text = functions_.error_text ? functions_.error_text(status) : nullptr;
  return text ? text : "error " + std::to_string(status);
}

}  // namespace flowrun::core
