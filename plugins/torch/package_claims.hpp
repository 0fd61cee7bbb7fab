// What a compiled package says of the machine it was made for, held against this one.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

namespace flowrun::torch_backend {

struct machine {
  std::string device;                     // "cpu", "cuda"
  std::string torch;                      // version of LibTorch
  std::vector<std::string> instructions;  // of the CPU, as Linux names them
};

// What `flags` stands for in /proc/cpuinfo; empty where there is none.
std::vector<std::string> cpu_instructions();

// "was compiled for ...; what would be right"; empty: it fits. `declared`: the version in the model file, may be empty.
std::string find_unfit(const std::unordered_map<std::string, std::string>& claims, const std::string& declared,
                       const machine& here);

}  // namespace flowrun::torch_backend
