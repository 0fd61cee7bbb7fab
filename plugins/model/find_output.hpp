// Which output of a model a stage reads.
#pragma once
#include <flowrun/model_file.hpp>
#include <string>

namespace model_stages {

// Its number. All throw flowrun::input_error with a sentence that names the model, what it has and the param that
// chooses.

// By name; without one the only output.
std::size_t find_output(const flowrun::model_file& model, const std::string& wanted);
// The one that has a score for each class: by name, else the only one, else the only one with as many values as the
// model has labels. Float32, and as many values as labels, if there are any.
std::size_t find_score_output(const flowrun::model_file& model, const std::string& wanted);
// The one that has a vector: by name, else the only one, else the one named `embedding`. Float32.
std::size_t find_vector_output(const flowrun::model_file& model, const std::string& wanted,
                               const std::string& param = "output");

}  // namespace model_stages
