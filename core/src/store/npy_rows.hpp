// The .npy files whose rows are the same: the items of a kept port, or the elements of a list in its values.
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

struct npy_row {
  const exported_item& item;
  std::optional<std::size_t> element;  // which of the item's
  std::string_view bytes;
};

// First every row goes through count(), then, after open(), through write(): the size stands at a file's beginning.
class npy_rows {
 public:
  npy_rows(const exported_outcome& o, const schema& row);                           // an item each
  npy_rows(const exported_outcome& o, const std::string& list, const schema& row);  // an element of that list each

  bool empty() const { return arrays_.empty(); }
  void count(const npy_row& row);  // throws store_error (65) where lists differ in length
  void count_nothing();            // an item has no value
  void open(const std::filesystem::path& folder);
  void write(const npy_row& row);
  void finish(std::vector<std::string>& notes);

 private:
  // What the rows are. Arrays that may have fewer have one each, all others one together.
  struct id_list {
    std::string file;
    std::size_t array;  // whose rows they are
    bool own;
    std::size_t rows = 0, left_out = 0;
    std::unique_ptr<text_output> out;
  };
  struct array {
    number_column column;
    std::size_t at;    // in row_
    std::string name;  // of the file, without .npy
    std::size_t ids;   // which list
    std::optional<std::size_t> width;
    std::string first;  // that had a row, as errors call it
    std::unique_ptr<text_output> out;
  };
  void add_arrays(const std::string& list, const schema& row);
  void add_array(number_column column, std::size_t at, const std::string& list);
  bool may_lack(const number_column& column) const;
  const std::optional<std::string_view>& cell(const array& a) const { return row_[a.at]; }
  void read(const npy_row& row);  // into row_
  void check_width(array& a, const npy_row& row);

  const exported_outcome& of_;
  schema schema_;
  bool elements_;
  std::vector<array> arrays_;
  std::vector<id_list> ids_;
  std::vector<std::string> bytes_;  // columns that are no numbers but bytes
  std::size_t items_left_out_ = 0;  // where rows are elements
  std::vector<std::optional<std::string_view>> row_;
};

}  // namespace flowrun::core
