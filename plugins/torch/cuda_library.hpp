// LibTorch's CUDA half: half a gigabyte, loaded only when a driver answers.
#pragma once

namespace flowrun::torch_backend {

// Throws std::runtime_error with one sentence when device `index` cannot be used.
void load_cuda(int index);
// Before the first network on the CPU: LibTorch asks itself once whether there is CUDA and keeps the answer, so a
// network on a GPU after it would be refused. Does nothing where there is no driver, or no such library.
void load_cuda_beside();

}  // namespace flowrun::torch_backend
