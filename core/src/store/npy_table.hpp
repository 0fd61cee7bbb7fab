// The .npy files of one kept port.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "npy_rows.hpp"

namespace flowrun::core {

// First every item goes through count(), then, after open(), through write().
class npy_table {
 public:
  explicit npy_table(const exported_outcome& o);

  bool empty() const;
  void count(const exported_item& item);  // throws store_error (65) where lists differ in length
  void open(const std::filesystem::path& folder);
  void write(const exported_item& item);
  void finish(std::vector<std::string>& notes);

 private:
  bool has_element_numbers() const;
  template <class Each> void visit_rows(const exported_item& item, Each&& each);

  const exported_outcome& of_;
  npy_rows items_;
  std::vector<npy_rows> elements_;  // of each list of objects
};

}  // namespace flowrun::core
