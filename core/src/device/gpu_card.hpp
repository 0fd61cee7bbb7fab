// One card as NVML sees it: its name, its memory, and what it does now.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <flowrun/gpu_options.hpp>

#include "nvml.hpp"

namespace flowrun::core {

struct gpu_reading {
  std::uint64_t total = 0, free = 0, used = 0;  // bytes; used by all programs together
  std::optional<std::uint64_t> ours;            // of them this process's; NVML does not always tell
  std::optional<double> busy;                   // 0..1
  std::string fault;                            // why something is missing; empty: nothing is that should be there
  bool lost = false;                            // the card no longer answers
};

class gpu_card {
 public:
  gpu_card(std::shared_ptr<const nvml> from, nvml_device* card, std::string name, std::string architecture,
           std::string doubt)
      : from_(std::move(from)),
        card_(card),
        name_(std::move(name)),
        architecture_(std::move(architecture)),
        doubt_(std::move(doubt)) {}

  const std::string& name() const { return name_; }                  // "NVIDIA GeForce RTX 5080"
  const std::string& architecture() const { return architecture_; }  // "sm_120"; empty: the driver does not tell
  const std::string& doubt() const { return doubt_; }                // why CUDA may mean another card; empty: it cannot
  gpu_reading read() const;                                          // any thread

 private:
  std::optional<std::uint64_t> read_ours() const;

  std::shared_ptr<const nvml> from_;
  nvml_device* card_;
  std::string name_, architecture_, doubt_;
};

// The card CUDA calls cuda:INDEX, whose memory can be read. Null: `fault` says why, and what would be right.
std::shared_ptr<const gpu_card> open_card(const gpu_options& options, int index, std::string& fault);

}  // namespace flowrun::core
