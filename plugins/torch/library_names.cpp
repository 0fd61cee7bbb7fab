#include "library_names.hpp"

#include <c10/core/CPUAllocator.h>
#include <dlfcn.h>

#include <filesystem>
#include <mutex>
#include <stdexcept>

namespace flowrun::torch_backend {

static std::filesystem::path library_of(const void* symbol) {
  Dl_info info{};
  if (::dladdr(symbol, &info) == 0 || !info.dli_fname)
    throw std::runtime_error("the loader does not know where LibTorch's libraries are");
  return std::filesystem::absolute(info.dli_fname);
}

std::string torch_library_folder() {
  return library_of(reinterpret_cast<const void*>(&c10::GetCPUAllocator)).parent_path().string();
}

static void load_names() {
  if (::dlopen("libtorch.so", RTLD_NOW | RTLD_NOLOAD)) return;
  std::string whole = torch_library_folder() + "/libtorch.so";
  if (::dlopen(whole.c_str(), RTLD_NOW | RTLD_GLOBAL)) return;
  std::filesystem::path mine = library_of(reinterpret_cast<const void*>(&provide_library_names)).parent_path();
  std::string empty = (mine / "torch" / "libtorch.so").string();
  if (!::dlopen(empty.c_str(), RTLD_NOW | RTLD_LOCAL))
    throw std::runtime_error("compiled packages cannot be loaded: " + std::string(::dlerror()));
}

void provide_library_names() {
  static std::once_flag once;
  std::call_once(once, load_names);
}

}  // namespace flowrun::torch_backend
