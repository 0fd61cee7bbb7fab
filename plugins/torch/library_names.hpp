// Where LibTorch's libraries are, and the names that compiled packages ask for.
#pragma once
#include <string>

namespace flowrun::torch_backend {

// Of the libtorch_cpu.so this process uses.
std::string torch_library_folder();
// Compiled packages are linked to libtorch.so. Without CUDA there is none that loads, and another one on the system
// would be taken: an empty library of that name takes its place.
void provide_library_names();

}  // namespace flowrun::torch_backend
