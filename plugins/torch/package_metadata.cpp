#include "package_metadata.hpp"

#include <torch/csrc/inductor/aoti_package/model_package_loader.h>
#include <torch/version.h>

#include "call_fault.hpp"

namespace flowrun::torch_backend {

std::string find_package_fault(const std::string& path, const std::string& torch, at::Device on) {
  if (!torch.empty() && torch != TORCH_VERSION)
    return "was compiled by torch " + torch +
           ", this LibTorch is " TORCH_VERSION "; compile it again: flowrun models compile";
  try {
    auto metadata = torch::inductor::AOTIModelPackageLoader::load_metadata_from_package(path, "model");
    const std::string& device = metadata["AOTI_DEVICE_KEY"];
    std::string mine = on.is_cuda() ? "cuda" : "cpu";
    if (device != mine)
      return "was compiled for " + device + ", not for " + mine + "; compile it again: flowrun models compile";
    return {};
  } catch (const std::exception& e) {
    return "is no compiled package, or is cut short (" + short_text(e) + "); compile it again: flowrun models compile";
  }
}

}  // namespace flowrun::torch_backend
