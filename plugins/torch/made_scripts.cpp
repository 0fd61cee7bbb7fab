#include "made_scripts.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <vector>

namespace flowrun::torch_backend {

namespace {

struct made_files {
  std::vector<std::string> paths;
  ~made_files() {
    for (const std::string& p : paths) std::remove(p.c_str());
  }
};

std::string new_path() {
  static made_files made;
  char name[] = "/tmp/flowrun_torchXXXXXX";
  int descriptor = mkstemp(name);
  if (descriptor < 0) throw std::runtime_error("no file can be made in /tmp");
  ::close(descriptor);
  made.paths.emplace_back(name);
  return name;
}

}  // namespace

static torch::jit::Module make_module() {
  torch::jit::Module module("made");
  module.register_parameter("weights", at::linspace(-1, 1, 8 * 27).reshape({8, 3, 3, 3}), false);
  module.register_attribute("training", c10::BoolType::get(), false);
  return module;
}

static std::string save(torch::jit::Module& module, const std::string& code) {
  module.define(code);
  std::string path = new_path();
  module.save(path);
  return path;
}

std::string make_script(const std::string& code) {
  torch::jit::Module module = make_module();
  return save(module, code);
}

std::string make_state_script(const std::string& code) {
  torch::jit::Module module = make_module();
  module.register_attribute("state", c10::TensorType::get(), at::zeros({1, 4}));
  module.register_buffer("places", at::zeros({1, 4}));
  return save(module, code);
}

std::string convolution_code() {
  return R"(
def forward(self, x: Tensor):
  return torch.conv2d(x, self.weights, None, [1, 1], [1, 1]).sum([2, 3])
)";
}

std::string write_text_file(const std::string& text) {
  std::string path = new_path();
  std::FILE* f = std::fopen(path.c_str(), "w");
  if (!f) throw std::runtime_error("cannot write " + path);
  std::fwrite(text.data(), 1, text.size(), f);
  std::fclose(f);
  return path;
}

model_file convolution_model() {
  model_file m;
  m.name = "made";
  m.inputs.push_back({"image", dtype::float32, {{3, 3}, {16, 16}, {16, 16}}, {}});
  m.outputs.push_back({"sums", dtype::float32, {{8, 8}}, {}});
  return m;
}

}  // namespace flowrun::torch_backend
