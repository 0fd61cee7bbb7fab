// A package compiled by AOTInductor for one kind of machine.
#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>

#include <algorithm>

#include "call_fault.hpp"
#include "library_names.hpp"
#include "network.hpp"
#include "package_metadata.hpp"

namespace flowrun::torch_backend {

namespace {

// Rows a package takes at least: compiled for a range, it may not know a single row.
at::Tensor fill_up(const at::Tensor& t, std::int64_t rows) {
  if (t.size(0) >= rows) return t;
  std::vector<std::int64_t> shape = t.sizes().vec();
  shape[0] = rows - t.size(0);
  return at::cat({t, at::zeros(shape, t.options())});
}

class package_network final : public network {
 public:
  package_network(const session_options& options, at::Device on)
      : lowest_(static_cast<std::int64_t>(options.variant->batch_low)),
        loader_(options.path, "model", false, static_cast<std::size_t>(std::max(1, options.lanes)),
                on.is_cuda() ? on.index() : c10::DeviceIndex{-1}) {}

  std::vector<at::Tensor> run(std::vector<at::Tensor> inputs) override {
    std::int64_t rows = inputs[0].size(0);
    for (at::Tensor& t : inputs) t = fill_up(t, lowest_);
    std::vector<at::Tensor> outputs = loader_.boxed_run(std::move(inputs));
    if (rows < lowest_)
      for (at::Tensor& t : outputs) t = t.narrow(0, 0, rows);
    return outputs;
  }

  std::unique_ptr<network> begin_anew() const override {
    throw std::runtime_error("a compiled package keeps no state by stream");
  }

 private:
  std::int64_t lowest_;
  torch::inductor::AOTIModelPackageLoader loader_;
};

}  // namespace

std::unique_ptr<network> open_package(const model_file& model, const session_options& options, at::Device on) {
  const std::string& name = options.variant->path;
  if (model.stream_state)
    throw std::runtime_error("its file " + name + " is a compiled package, which keeps no state by stream; give it " +
                             "the TorchScript file");
  std::string fault = find_package_fault(options.path, options.variant->torch, on);
  if (!fault.empty()) throw std::runtime_error("its file " + name + " " + fault);
  provide_library_names();
  try {
    return std::make_unique<package_network>(options, on);
  } catch (const std::exception& e) {
    throw std::runtime_error("its file " + name + " is not loaded by this LibTorch: " + short_text(e));
  }
}

}  // namespace flowrun::torch_backend
