// A kept value as cells of a CSV row (RFC 4180), from its schema alone.
#pragma once
#include <flowrun/schema.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flowrun::core {

// A text as a cell: quoted where it must be, empty as "". One that a spreadsheet would take for a formula gets a
// single quote before it.
std::string csv_text(std::string_view text);

class csv_layout {
 public:
  // sorted: an object's fields by name, not in the declared order. A column whose name is in `taken`, or is that of
  // another column, is called value.NAME.
  csv_layout(const schema& s, bool sorted, const std::set<std::string>& taken);

  const std::vector<std::string>& columns() const { return columns_; }
  // A cell for each column, with a comma before it. Throws std::runtime_error with one sentence where the bytes do not
  // fit the schema.
  void append_value(std::string_view blob, std::string& row);
  void append_nothing(std::string& row) const { row.append(columns_.size(), ','); }

 private:
  void add_columns(const schema& s, const std::string& name, std::size_t first_leaf);
  void add_column(std::string name, std::size_t leaf);
  void take_cells(const schema& s, std::string_view& in);

  schema schema_;
  bool sorted_;
  std::set<std::string> taken_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> leaves_;  // of each column: which cell of the declared order
  std::vector<std::string> cells_;   // of the current value, in the declared order
};

}  // namespace flowrun::core
