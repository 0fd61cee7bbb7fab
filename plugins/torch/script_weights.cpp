#include "script_weights.hpp"

#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/passes/frozen_graph_optimizations.h>

#include <functional>

namespace flowrun::torch_backend {

namespace {

using change_weights = std::function<at::Tensor(const at::Tensor&)>;

// Freezing makes constants of the weights.
void change_constants(torch::jit::Block* block, const change_weights& change) {
  for (torch::jit::Node* node : block->nodes()) {
    if (node->kind() == torch::jit::prim::Constant && node->hasAttribute(torch::jit::attr::value) &&
        node->kindOf(torch::jit::attr::value) == torch::jit::AttributeKind::t) {
      at::Tensor changed = change(node->t(torch::jit::attr::value));
      node->output()->setType(c10::TensorType::create(changed));
      node->t_(torch::jit::attr::value, std::move(changed));
    }
    for (torch::jit::Block* inner : node->blocks()) change_constants(inner, change);
  }
}

void change_all(torch::jit::Module& module, const std::string& method, const change_weights& change) {
  for (at::Tensor weights : module.parameters()) weights.set_data(change(weights));
  for (at::Tensor weights : module.buffers()) weights.set_data(change(weights));
  change_constants(module.get_method(method).graph()->block(), change);
}

// As torch::jit::freeze() does, which wants the method to be named `forward`.
torch::jit::Module freeze(const torch::jit::Module& module, const std::string& method) {
  torch::jit::Module frozen = torch::jit::freeze_module(module, {method});
  std::shared_ptr<torch::jit::Graph> graph = frozen.get_method(method).graph();
  torch::jit::OptimizeFrozenGraph(graph, true);
  return frozen;
}

}  // namespace

bool prepare_weights(torch::jit::Module& module, const std::string& method, at::ScalarType type, bool keeps_state) {
  if (module.hasattr("training")) {
    module.eval();
    if (!keeps_state) module = freeze(module, method);
  }
  std::int64_t all = 0, convolutions = 0;
  change_all(module, method, [&](const at::Tensor& t) {
    all += t.numel();
    if (t.dim() == 4) convolutions += t.numel();
    return t;
  });
  // About a fifth faster on a CPU.
  bool last = convolutions * 2 > all;
  change_all(module, method, [&](const at::Tensor& t) {
    at::Tensor changed = t.scalar_type() == at::kFloat && t.dim() > 0 ? t.to(type) : t;
    return last && t.dim() == 4 ? changed.contiguous(at::MemoryFormat::ChannelsLast) : changed;
  });
  return last;
}

}  // namespace flowrun::torch_backend
