// Which of a model's files runs on a device.
#pragma once
#include <string>

#include <flowrun/gpu_options.hpp>
#include <flowrun/model_file.hpp>

#include "../plan/device_text.hpp"

namespace flowrun::core {

// What decides it. A card is described only where one of the files is for an architecture.
struct variant_place {
  std::string kind;          // "cpu", "cuda", "sim"
  std::string architecture;  // "sm_120"; empty: not asked for, or not told
  std::string text;          // for messages: "cpu", "cuda:0 (NVIDIA L4, sm_89)"
};

// Throws std::runtime_error when the card has to be asked and cannot be; one sentence.
variant_place describe_place(const model_file& m, const device_spec& device, const gpu_options& gpus);

// One that has the precision before one that has not, then the architecture before the kind of device before `any`,
// then the first. Null: none is for the place.
const model_variant* choose_variant(const model_file& m, const variant_place& place, const std::string& precision);

// "cpu, cuda sm_90"
std::string list_targets(const model_file& m);

}  // namespace flowrun::core
