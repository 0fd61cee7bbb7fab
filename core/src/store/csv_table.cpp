#include "csv_table.hpp"

#include "key_text.hpp"

namespace flowrun::core {

csv_table::csv_table(const std::filesystem::path& file, const std::vector<std::string>& first_columns,
                     const schema& value, bool sorted)
    : layout_(value, sorted, {first_columns.begin(), first_columns.end()}), out_(file) {
  std::string header;
  for (const std::string& name : first_columns) header += (header.empty() ? "" : ",") + name;
  for (const std::string& name : layout_.columns()) header += "," + csv_text(show_text(name));
  out_.write(header + csv_line_end);
}

void csv_table::write(std::string row, std::string_view value) {
  layout_.append_value(value, row);
  out_.write(row + csv_line_end);
}

void csv_table::write_nothing(std::string row) {
  layout_.append_nothing(row);
  out_.write(row + csv_line_end);
}

}  // namespace flowrun::core
