// Writes a model file for a network that somebody brought.
#pragma once
#include <string>
#include <vector>

#include <flowrun/model_file.hpp>

namespace flowrun::core {

struct model_draft {
  std::string name, task, licence, labels;  // labels: path
  std::string backend, path, sha256;
  std::vector<std::string> inputs, outputs;  // entries: {name: image, dtype: float32, shape: [3, 224, 224]}
  std::string preprocess;                    // of the first input, as a map; empty: none
  std::string first_input;                   // its name
  bool single_rows = false;                  // the network takes one row a call
  model_needs needs;
};

std::string write_model_yaml(const model_draft& draft);

// An entry of `outputs`, of a row's shape.
std::string write_port(const std::string& name, dtype type, const std::vector<std::int64_t>& shape);

// From "tokens=1..77x3:int64" to an entry of `inputs` and its name; `unnamed`: the name where it has none. Throws
// std::invalid_argument with one sentence.
std::string read_input(const std::string& text, const std::string& unnamed, std::string& name);

// The map behind a preset's name, for an input of that side in pixels; empty: there is no such preset.
std::string write_preset(const std::string& preset, std::int64_t side);
std::vector<std::string> preset_names();

}  // namespace flowrun::core
