// One CSV file: a row begins with cells that say what it is of, and goes on with those of a value.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "csv_value.hpp"
#include "text_output.hpp"

namespace flowrun::core {

inline constexpr auto csv_line_end = "\r\n";

class csv_table {
 public:
  // sorted: the fields of objects by name.
  csv_table(const std::filesystem::path& file, const std::vector<std::string>& first_columns, const schema& value,
            bool sorted);

  // `row`: the first cells. Throws std::runtime_error with one sentence where the bytes do not fit the schema.
  void write(std::string row, std::string_view value);
  void write_nothing(std::string row);
  void finish() { out_.finish(); }

 private:
  csv_layout layout_;
  text_output out_;
};

}  // namespace flowrun::core
