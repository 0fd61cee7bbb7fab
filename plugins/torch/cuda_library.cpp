#include "cuda_library.hpp"

#include <ATen/Context.h>
#include <dlfcn.h>

#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string>

#include "library_names.hpp"

namespace flowrun::torch_backend {

namespace {

// As the driver counts them; -1: there is no driver that answers.
int count_devices() {
  void* driver = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!driver) return -1;
  auto init = reinterpret_cast<int (*)(unsigned)>(::dlsym(driver, "cuInit"));
  auto count = reinterpret_cast<int (*)(int*)>(::dlsym(driver, "cuDeviceGetCount"));
  int n = 0;
  return init && count && init(0) == 0 && count(&n) == 0 ? n : -1;
}

std::string library_path() {
  return torch_library_folder() + "/libtorch_cuda.so";
}

void load_library() {
  const std::string path = library_path();
  if (!::dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL))
    throw std::runtime_error("LibTorch's CUDA library is not there: " + std::string(::dlerror()) +
                             "; use a LibTorch with CUDA (cmake -DFLOWRUN_TORCH=DIR)");
}

void load_once() {
  static std::once_flag loaded;
  std::call_once(loaded, load_library);
}

}  // namespace

void load_cuda(int index) {
  int n = count_devices();
  if (n < 0) throw std::runtime_error("CUDA's driver does not answer (libcuda.so.1); install NVIDIA's driver");
  if (index >= n)
    throw std::runtime_error("CUDA's driver has " + std::to_string(n) + " devices, counted from 0; use one of them");
  load_once();
  if (!at::hasCUDA())
    throw std::runtime_error(
        "CUDA's driver has a device, but LibTorch's CUDA finds none; install a driver that is new enough for this "
        "LibTorch");
}

void load_cuda_beside() {
  static std::once_flag tried;
  std::call_once(tried, [] {
    if (!std::filesystem::exists(library_path()) || count_devices() <= 0) return;
    try {
      load_once();
    } catch (const std::runtime_error&) {
      // A session that needs it tries again and is told why.
    }
  });
}

}  // namespace flowrun::torch_backend
