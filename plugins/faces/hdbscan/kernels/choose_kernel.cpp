#include "choose_kernel.hpp"

#include <stdexcept>
#include <string>

namespace hdbscan {

std::vector<const kernel*> available_kernels() {
  std::vector<const kernel*> found;
#ifdef HDBSCAN_X86
  // bfloat16 behind float32: there are machines that have it at half the rate.
  for (const kernel* k : {&avx512_int8_kernel, &avx512_kernel, &avx512_bfloat16_kernel, &avx2_kernel})
    if (k->available()) found.push_back(k);
#endif
  found.push_back(&portable_kernel);
  return found;
}

const kernel& choose_kernel(std::string_view name) {
  std::string known;
  for (const kernel* k : available_kernels()) {
    if (name.empty() || name == k->name) return *k;
    known += (known.empty() ? "" : ", ") + std::string(k->name);
  }
  throw std::invalid_argument("hdbscan: this machine has no kernel '" + std::string(name) + "'; right: " + known);
}

}  // namespace hdbscan
