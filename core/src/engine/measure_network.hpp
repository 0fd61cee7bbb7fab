// What a network shows when it runs: outputs, whether it takes batches, memory.
#pragma once
#include <flowrun/backend.hpp>

namespace flowrun::core {

struct seen_output {
  dtype type = dtype::float32;
  std::vector<std::int64_t> shape;  // of one row
};

struct measured_network {
  std::vector<seen_output> outputs;
  bool takes_batches = false;
  std::uint64_t per_row = 0;  // bytes, by the peak of this process's memory
};

inline constexpr std::size_t measured_rows = 8;

// Of `model` the inputs are known. Throws std::runtime_error with one sentence about what the network did.
measured_network measure_network(session& network, const model_file& model);

// Rows of all inputs, made of small numbers.
std::vector<tensor> make_rows(const model_file& model, std::size_t rows);

}  // namespace flowrun::core
