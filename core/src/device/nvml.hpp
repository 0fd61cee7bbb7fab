// NVIDIA's management library, opened at run time: flowrun runs without it, and is built without it.
#pragma once
#include <memory>
#include <string>

#include "nvml_abi.hpp"

namespace flowrun::core {

class nvml {
 public:
  // Opened and initialised. Null: `fault` says why, and what would be right.
  static std::shared_ptr<const nvml> open(const std::string& library, std::string& fault);
  ~nvml();
  nvml(const nvml&) = delete;
  nvml& operator=(const nvml&) = delete;

  const nvml_functions& call() const { return functions_; }
  std::string explain(int status) const;  // NVML's own words

 private:
  nvml() = default;
  const char* find_functions();  // the name of the one that is needed and missing; null: none is

  void* library_ = nullptr;
  bool started_ = false;
  nvml_functions functions_;
};

}  // namespace flowrun::core
