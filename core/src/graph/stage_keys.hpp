// The keys a stage may have in a graph file: one table that reading, checking and the docs share.
#pragma once
#include <flowrun/stage.hpp>
#include <string>
#include <vector>

namespace flowrun::core {

// Bits of `shapes`.
constexpr unsigned for_sources = 1, for_transforms = 2, for_gathers = 4, for_sinks = 8, for_models = 16,
                   for_windows = 32, for_devices = 64;
constexpr unsigned for_all =
    for_sources | for_transforms | for_gathers | for_sinks | for_models | for_windows | for_devices;

enum class key_value { structure, integer, choice, text, boolean, bytes };

struct stage_key {
  const char* name;
  unsigned shapes;
  const char* not_serial;  // why a serial stage does not take it; null: it does
  key_value value;
  long low, high;                    // of an integer
  std::vector<std::string> choices;  // of a choice
  const char* type;                  // as told to users
  const char* default_text;
  const char* doc;
};

const std::vector<stage_key>& stage_keys();
const stage_key* find_stage_key(const std::string& name);
unsigned shape_bit(stage_shape s);

// "sinks", "sources, transforms and sinks": who takes a key.
std::string list_shapes(unsigned shapes);

std::vector<std::string> stage_key_names();

}  // namespace flowrun::core
