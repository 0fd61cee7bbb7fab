// What a compiled package says of itself, held against this machine before any of its code is loaded.
#pragma once
#include <c10/core/Device.h>

#include <string>

namespace flowrun::torch_backend {

// "was compiled for ...; ..."; empty: it fits. `torch`: the version in the model file, empty: not said.
std::string find_package_fault(const std::string& path, const std::string& torch, at::Device on);

}  // namespace flowrun::torch_backend
