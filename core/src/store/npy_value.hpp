// The numbers of a kept value, as rows of NumPy arrays (.npy, format 1.0).
#pragma once
#include <flowrun/schema.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowrun::core {

// A number, or an array or a list of numbers, that is the value or one of its fields; bools are numbers.
struct number_column {
  std::string field;  // "head.angle"; empty: the value itself
  value_kind kind = value_kind::none;
  bool list = false;                 // a list or an array: a row of several numbers
  bool optional = false;             // not every value has it
  std::optional<std::size_t> width;  // numbers of a row, where the schema says it
};

// In the declared order.
std::vector<number_column> find_number_columns(const schema& s);

// Bytes of each column's numbers, as .npy holds them; none: an optional field is not there. They lie in `blob`. Throws
// std::runtime_error with one sentence where the bytes do not fit the schema.
void read_numbers(const schema& s, std::string_view blob, std::vector<std::optional<std::string_view>>& row);

// What a file begins with; `width` is left out where rows are single numbers.
std::string npy_header(const number_column& column, std::size_t rows, std::size_t width);

}  // namespace flowrun::core
