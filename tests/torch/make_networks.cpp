// make_networks FOLDER: writes the networks of network_code.cpp as NAME.pt, and weights.pt: weights without a network.
#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <cstdio>
#include <fstream>

#include "network_code.hpp"

namespace {

at::Tensor made_weights(std::initializer_list<std::int64_t> shape) {
  std::int64_t all = 1;
  for (std::int64_t side : shape) all *= side;
  return at::linspace(-1, 1, all).mul(64).round().div(64).reshape(shape);
}

void write_network(const named_code& network, const std::string& path) {
  torch::jit::Module module("made");
  module.register_parameter("weights", made_weights({8, 3, 3, 3}), false);
  if (network.code.find("self.square") != std::string::npos)
    module.register_parameter("square", made_weights({1024, 1024}), false);
  if (network.code.find("self.state") != std::string::npos) module.register_buffer("state", at::zeros({1, 8}));
  module.register_attribute("training", c10::BoolType::get(), false);
  module.define(network.code);
  module.save(path);
}

void write_weights(const std::string& path) {
  std::vector<char> bytes = torch::jit::pickle_save(made_weights({8, 3, 3, 3}));
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_networks FOLDER\n");
    return 64;
  }
  try {
    const std::string folder = argv[1];
    for (const named_code& network : network_codes()) write_network(network, folder + "/" + network.name + ".pt");
    write_weights(folder + "/weights.pt");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "make_networks: %s\n", e.what());
    return 70;
  }
  return 0;
}
