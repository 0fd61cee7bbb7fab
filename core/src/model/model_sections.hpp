// The parts of a model file, each read by its own file.
#pragma once
#include <filesystem>

#include <flowrun/model_file.hpp>

#include "graph/problem_sink.hpp"

namespace flowrun::core {

// `key`: "inputs" or "outputs".
std::vector<model_port> read_model_ports(const yaml_node& value, const std::string& key, problem_sink& out);
std::vector<model_variant> read_model_variants(const yaml_node& value, problem_sink& out);
// Held against the inputs, unless null: those could not be read.
std::map<std::string, preprocess_spec> read_preprocess(const yaml_node& value, const std::vector<model_port>* inputs,
                                                       problem_sink& out);
std::vector<std::string> read_labels(const yaml_node& value, const std::filesystem::path& folder, problem_sink& out);

// What the sections ask of each other. `at`: of the labels.
void check_labels(const model_file& model, position at, problem_sink& out);
// `at`: of the state, which is one by stream.
void check_state(const model_file& model, position at, problem_sink& out);

// Where an input's preprocess says what.
struct preprocess_places {
  position entry, order, resize, size;  // size: `side` or `width`; not given: the next larger part
  bool has_size = false;
};
void check_preprocess(const preprocess_spec& spec, const model_port& input, const preprocess_places& places,
                      problem_sink& out);

}  // namespace flowrun::core
