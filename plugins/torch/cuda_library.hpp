// LibTorch's CUDA half: half a gigabyte, loaded only when a driver answers.
#pragma once

namespace flowrun::torch_backend {

// Once for the process. Throws std::runtime_error with one sentence when device `index` cannot be used.
void load_cuda(int index);

}  // namespace flowrun::torch_backend
