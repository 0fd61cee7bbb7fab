// The part of NVML's C interface that is used here, as NVIDIA documents it. Debian's main archive has no header of it,
// and nothing is linked: the functions are looked up in the library by these names.
#pragma once

namespace flowrun::core {

enum nvml_status : int {
  nvml_ok = 0,
  nvml_no_permission = 4,
  nvml_insufficient_size = 7,
  nvml_function_not_found = 13,
  nvml_gpu_is_lost = 15,
};

struct nvml_device;  // opaque

struct nvml_memory {  // bytes
  unsigned long long total, free, used;
};

struct nvml_utilization {  // percent of the last sixth of a second to second
  unsigned int gpu, memory;
};

struct nvml_process {
  unsigned int pid;
  unsigned long long used;  // bytes; all ones: not told
  unsigned int gpu_instance, compute_instance;
};

inline constexpr unsigned nvml_text_size = 96;  // of a card's name and of its UUID

struct nvml_functions {
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  const char* (*error_text)(int) = nullptr;
  int (*count)(unsigned*) = nullptr;
  int (*handle)(unsigned index, nvml_device**) = nullptr;
  int (*name)(nvml_device*, char*, unsigned) = nullptr;
  int (*uuid)(nvml_device*, char*, unsigned) = nullptr;
  int (*memory)(nvml_device*, nvml_memory*) = nullptr;
  // Null where the driver is too old.
  int (*utilization)(nvml_device*, nvml_utilization*) = nullptr;
  int (*processes)(nvml_device*, unsigned* count, nvml_process*) = nullptr;
  int (*capability)(nvml_device*, int* major, int* minor) = nullptr;
};

}  // namespace flowrun::core
