#include "script_text.hpp"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/import.h>

#include "call_fault.hpp"

namespace flowrun::torch_backend {

// Empty: it looks like TorchScript.
static std::string find_script_fault(const std::string& path) {
  try {
    caffe2::serialize::PyTorchStreamReader reader(path);
    if (reader.hasRecord("constants.pkl") && reader.hasRecord("data.pkl")) return {};
    if (reader.hasRecord("data.pkl"))
      return "holds weights alone, without a network; export the network with torch.jit.trace or torch.jit.script";
    return "is an archive, but not of TorchScript; export the network with torch.jit.trace or torch.jit.script";
  } catch (const c10::Error&) {
    return "is no TorchScript, or is cut short; fetch it again, or export it with torch.jit.trace or torch.jit.script";
  }
}

torch::jit::Module load_script(const std::string& path, const std::string& name, at::Device on) {
  std::string fault = find_script_fault(path);
  if (!fault.empty()) throw std::runtime_error("its file " + name + " " + fault);
  try {
    return torch::jit::load(path, on);
  } catch (const c10::OutOfMemoryError& e) {
    throw std::runtime_error("out of memory: the weights in " + name + " do not fit: " + short_text(e));
  } catch (const std::exception& e) {
    throw std::runtime_error("its file " + name + " is not read by this LibTorch: " + short_text(e));
  }
}

std::string list_methods(const torch::jit::Module& module) {
  std::string list;
  for (const torch::jit::Method& m : module.get_methods()) list += (list.empty() ? "" : ", ") + m.name();
  return list.empty() ? "none" : list;
}

torch::jit::Kwargs find_constants(const torch::jit::Method& method, const model_file& model) {
  torch::jit::Kwargs found;
  const std::vector<c10::Argument>& arguments = method.function().getSchema().arguments();
  for (std::size_t i = model.inputs.size() + 1; i < arguments.size(); ++i) {
    const auto constant = model.constants.find(arguments[i].name());
    if (constant == model.constants.end()) continue;
    std::visit([&](const auto& value) { found.emplace(constant->first, value); }, constant->second);
  }
  return found;
}

std::string find_unfit_inputs(const torch::jit::Method& method, const model_file& model) {
  const c10::FunctionSchema& schema = method.function().getSchema();
  if (schema.is_vararg()) return {};
  std::size_t most = schema.arguments().size() - 1, least = 0;  // the first is the network itself
  std::string names;
  for (std::size_t i = 1; i <= most; ++i) {
    const c10::Argument& a = schema.arguments()[i];
    const bool constant = i > model.inputs.size() && model.constants.count(a.name()) > 0;
    if (!a.default_value() && !constant) ++least;
    names += (i == 1 ? ": " : ", ") + a.name();
  }
  if (model.inputs.size() >= least && model.inputs.size() <= most) return {};
  std::string declared;
  for (const model_port& p : model.inputs) declared += (declared.empty() ? ": " : ", ") + p.name;
  return "takes " + std::to_string(most) + (most == 1 ? " input" : " inputs") + names + "; its model file declares " +
         std::to_string(model.inputs.size()) + declared;
}

}  // namespace flowrun::torch_backend
