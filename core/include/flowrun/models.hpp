// Making a network of the user's own a model, and holding a model against values that were computed elsewhere.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "api.hpp"
#include "engine.hpp"

namespace flowrun {

struct model_addition {
  std::filesystem::path network;    // the file with the network; it stays where it is
  std::filesystem::path folder;     // where NAME.yaml is written
  std::vector<std::string> inputs;  // "3x224x224", "tokens=77:int64": one per input, in order; a side may be LOW..HIGH
  std::string name;                 // empty: as the network's file is named
  std::string task, licence;        // of the model file; may be empty
  std::string backend;              // empty: by the file's ending
  std::string preprocess;           // "imagenet", "unit", "signed"; empty: the inputs are no images
  std::filesystem::path labels;     // one a line; may be empty
  std::vector<std::string> output_names;  // empty: by the task and the shapes
  bool replace = false;                   // a model file that is there already
};

struct added_model {
  std::string file;   // the model file
  std::string text;   // of it
  std::string fault;  // one sentence; empty: it was written
};

// Opens the network, runs it, and writes what was seen.
FLOWRUN_API added_model add_model(const engine_options& options, const model_addition& wanted);

struct model_comparison {
  std::string model;
  std::filesystem::path values;  // .npz with an array for each input and for any of the outputs, by name
  std::string precision = "fp32";
  double absolute = 1e-4, relative = 1e-4;  // |got - wanted| <= absolute + relative * |wanted|
};

struct compared_output {
  std::string file, output;            // the network's file; empty: of none
  double absolute = 0, relative = 0;   // the largest differences
  std::size_t values = 0, beyond = 0;  // how many there are, and how many of them differ by more
  std::string fault;                   // why it could not be compared; empty: it was
};

// With every file of the model that runs on the CPU in that precision.
FLOWRUN_API std::vector<compared_output> compare_model(const engine_options& options, const model_comparison& wanted);

}  // namespace flowrun
