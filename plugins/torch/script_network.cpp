// A TorchScript file.
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/codegen/fuser/interface.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include "call_fault.hpp"
#include "network.hpp"
#include "output_list.hpp"
#include "precision.hpp"
#include "script_text.hpp"
#include "script_weights.hpp"

namespace flowrun::torch_backend {

namespace {

// Profiling runs and compiles anew for shapes it has not seen: the first calls of every batch size would be slow. So
// does fusion.
void turn_off_profiling() {
  torch::jit::getProfilingMode() = false;
  torch::jit::getExecutorMode() = false;
  torch::jit::overrideCanFuseOnCPU(false);
  torch::jit::overrideCanFuseOnGPU(false);
}

class script_network final : public network {
 public:
  script_network(torch::jit::Module module, const std::string& method, torch::jit::Kwargs constants,
                 at::ScalarType type, bool channels_last)
      : module_(std::move(module)),
        method_(module_.get_method(method)),
        constants_(std::move(constants)),
        type_(type),
        channels_last_(channels_last) {}

  std::vector<at::Tensor> run(std::vector<at::Tensor> inputs) override {
    std::vector<c10::IValue> values;
    for (at::Tensor& t : inputs) values.emplace_back(as_weights(std::move(t), type_, channels_last_));
    return list_outputs(method_(std::move(values), constants_));
  }

  std::unique_ptr<network> begin_anew() const override {
    c10::IValue::HashIdentityIValueMap copies;
    for (const at::Tensor& weights : module_.parameters()) copies.emplace(weights, weights);
    return std::make_unique<script_network>(torch::jit::Module(module_._ivalue()->deepcopy(copies)), method_.name(),
                                            constants_, type_, channels_last_);
  }

 private:
  torch::jit::Module module_;
  torch::jit::Method method_;
  torch::jit::Kwargs constants_;
  at::ScalarType type_;
  bool channels_last_;
};

}  // namespace

std::unique_ptr<network> open_script(const model_file& model, const session_options& options, at::Device on) {
  turn_off_profiling();
  const std::string& method = options.variant->method;
  torch::jit::Module module = load_script(options.path, options.variant->path, on);
  if (!module.find_method(method))
    throw std::runtime_error("its file " + options.variant->path + " has no method '" + method +
                             "'; it has: " + list_methods(module));
  std::string fault = find_unfit_inputs(module.get_method(method), model);
  if (!fault.empty())
    throw std::runtime_error("the method '" + method + "' of its file " + options.variant->path + " " + fault);
  at::ScalarType type = weight_type(options.precision);
  try {
    bool last = prepare_weights(module, method, type, model.stream_state);
    torch::jit::Kwargs constants = find_constants(module.get_method(method), model);
    return std::make_unique<script_network>(std::move(module), method, std::move(constants), type, last);
  } catch (const c10::OutOfMemoryError& e) {
    throw std::runtime_error("out of memory: the weights in " + options.variant->path +
                             " do not fit: " + short_text(e));
  } catch (const std::exception& e) {
    throw std::runtime_error("its file " + options.variant->path +
                             " is not prepared by this LibTorch: " + short_text(e));
  }
}

}  // namespace flowrun::torch_backend
