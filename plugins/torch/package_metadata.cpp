#include "package_metadata.hpp"

#include <torch/csrc/inductor/aoti_package/model_package_loader.h>
#include <torch/version.h>

#include "call_fault.hpp"
#include "package_claims.hpp"

namespace flowrun::torch_backend {

std::string find_package_fault(const std::string& path, const std::string& torch, at::Device on) {
  try {
    auto claims = torch::inductor::AOTIModelPackageLoader::load_metadata_from_package(path, "model");
    return find_unfit(claims, torch, {on.is_cuda() ? "cuda" : "cpu", TORCH_VERSION, cpu_instructions()});
  } catch (const std::exception& e) {
    return "is no compiled package, or is cut short (" + short_text(e) + "); compile it again: flowrun models compile";
  }
}

}  // namespace flowrun::torch_backend
