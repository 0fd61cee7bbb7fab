// The kernels this machine can run.
#pragma once
#include <string_view>
#include <vector>

#include "kernel.hpp"

namespace hdbscan {

// Best first; the last is the portable one.
std::vector<const kernel*> available_kernels();
// The best for a name of "", else the one of this name; throws std::invalid_argument where the machine has it not.
const kernel& choose_kernel(std::string_view name);

}  // namespace hdbscan
