#include "cuda_library.hpp"

#include <ATen/Context.h>
#include <dlfcn.h>

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

void load_library() {
  std::string path = torch_library_folder() + "/libtorch_cuda.so";
  if (!::dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL))
    throw std::runtime_error("LibTorch's CUDA library is not there: " + std::string(::dlerror()) +
                             "; use a LibTorch with CUDA (cmake -DFLOWRUN_TORCH=DIR)");
}

}  // namespace

void load_cuda(int index) {
  int n = count_devices();
  if (n < 0) throw std::runtime_error("CUDA's driver does not answer (libcuda.so.1); install NVIDIA's driver");
  if (index >= n)
    throw std::runtime_error("CUDA's driver has " + std::to_string(n) + " devices, counted from 0; use one of them");
  static std::once_flag loaded;
  std::call_once(loaded, load_library);
  if (!at::hasCUDA())
    throw std::runtime_error("this LibTorch has no CUDA; use one that has (cmake -DFLOWRUN_TORCH=DIR)");
}

}  // namespace flowrun::torch_backend
