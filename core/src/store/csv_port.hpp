// The CSV files of one kept port: a row for each item, and in further files one for each element of a list of objects.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "csv_table.hpp"
#include "exported_items.hpp"

namespace flowrun::core {

// item,source,stream
std::string csv_key_cells(const exported_item& item);
std::string csv_reason_cell(std::string_view reason);

class csv_port {
 public:
  csv_port(const exported_outcome& o, const std::filesystem::path& folder, bool sorted);

  void write(const exported_item& item);
  void finish();

 private:
  void write_value(const std::string& keys);

  const exported_outcome& of_;
  std::unique_ptr<csv_table> items_;
  std::vector<std::unique_ptr<csv_table>> elements_;  // of each list of objects
};

}  // namespace flowrun::core
