// The .npy files of one kept port.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exported_items.hpp"
#include "npy_value.hpp"
#include "text_output.hpp"

namespace flowrun::core {

// First every item goes through count(), then, after open(), through write(): the size stands at a file's beginning.
class npy_table {
 public:
  explicit npy_table(const exported_outcome& o);

  bool empty() const { return columns_.empty(); }
  void count(const exported_item& item);  // throws store_error (65) where lists differ in length
  void open(const std::filesystem::path& folder);
  void write(const exported_item& item);
  void finish(std::vector<std::string>& notes);

 private:
  // The items of the rows. Optional fields have one each, all other columns one together.
  struct id_list {
    std::string file;
    std::size_t column;  // whose rows they are
    std::size_t rows = 0, left_out = 0;
    std::unique_ptr<text_output> out;
  };
  struct array {
    number_column column;
    std::size_t ids;  // which list
    std::optional<std::size_t> width;
    std::string first_item;  // that had a row, shown
    std::unique_ptr<text_output> out;
  };
  std::string name_of(const number_column& column) const;
  bool read(const exported_item& item);  // into row_; false: the port did not answer the item
  void check_width(array& a, std::size_t bytes, const exported_item& item);

  const exported_outcome& of_;
  std::vector<array> columns_;
  std::vector<id_list> ids_;
  std::vector<std::optional<std::string_view>> row_;
};

}  // namespace flowrun::core
