// Rows that were computed elsewhere, sorted into a model's inputs and outputs.
#pragma once
#include <map>
#include <string>
#include <vector>

#include <flowrun/model_file.hpp>

namespace flowrun::core {

struct reference_values {
  std::size_t rows = 0;
  std::vector<tensor> inputs;             // in the model's order
  std::map<std::string, tensor> outputs;  // those there are
};

// `file` stands for the arrays in messages. Throws std::runtime_error with one sentence.
reference_values sort_reference(const model_file& model, std::map<std::string, tensor> arrays, const std::string& file);

// Rows first .. first + count - 1.
tensor rows_of(const tensor& all, std::size_t first, std::size_t count);

}  // namespace flowrun::core
