#include "npy_table.hpp"

#include <stdexcept>

#include "export_folder.hpp"
#include "key_text.hpp"
#include "stored_value.hpp"

namespace flowrun::core {

npy_table::npy_table(const exported_outcome& o) : of_(o) {
  std::optional<std::size_t> shared;
  for (number_column& column : find_number_columns(o.fields)) {
    std::size_t ids = ids_.size();
    if (!column.optional && shared) {
      ids = *shared;
    } else {
      if (!column.optional) shared = ids;
      id_list list{(column.optional ? name_of(column) : file_name_of(o.label)) + ".ids.txt", columns_.size(), 0, 0, {}};
      ids_.push_back(std::move(list));
    }
    array a{std::move(column), ids, {}, {}, {}};
    a.width = a.column.width;
    columns_.push_back(std::move(a));
  }
}

std::string npy_table::name_of(const number_column& column) const {
  return file_name_of(of_.label) + (column.field.empty() ? "" : "." + file_name_of(column.field));
}

bool npy_table::read(const exported_item& item) {
  if (of_.answer == answer_kind::none) return false;
  row_.assign(columns_.size(), std::nullopt);
  if (of_.answer != answer_kind::value) return true;
  try {
    read_numbers(of_.fields, of_.value, row_);
  } catch (const std::runtime_error& e) {
    fail_damaged(of_, item, e.what());
  }
  return true;
}

void npy_table::check_width(array& a, std::size_t bytes, const exported_item& item) {
  std::size_t width = bytes / scalar_size(a.column.kind);
  if (a.first_item.empty()) a.first_item = show_key(item.key);
  if (!a.width) a.width = width;
  if (*a.width == width) return;
  throw store_error("'" + of_.label + (a.column.field.empty() ? "" : "." + show_text(a.column.field)) + "' of item '" +
                        show_key(item.key) + "' has length " + std::to_string(width) + ", but that of item '" +
                        a.first_item + "' has " + std::to_string(*a.width) +
                        ": npy takes lists of one length; export jsonl or csv",
                    65);
}

void npy_table::count(const exported_item& item) {
  if (empty() || !read(item)) return;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (row_[i]) check_width(columns_[i], row_[i]->size(), item);
  for (id_list& list : ids_) ++(row_[list.column] ? list.rows : list.left_out);
}

void npy_table::open(const std::filesystem::path& folder) {
  for (array& a : columns_) {
    a.out = std::make_unique<text_output>(folder / (name_of(a.column) + ".npy"));
    a.out->write(npy_header(a.column, ids_[a.ids].rows, a.width.value_or(0)));
  }
  for (id_list& list : ids_) list.out = std::make_unique<text_output>(folder / list.file);
}

void npy_table::write(const exported_item& item) {
  if (empty() || !read(item)) return;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (row_[i]) columns_[i].out->write(*row_[i]);
  for (id_list& list : ids_)
    if (row_[list.column]) list.out->write(line_of_key(item.key) + "\n");
}

void npy_table::finish(std::vector<std::string>& notes) {
  for (array& a : columns_) a.out->finish();
  for (id_list& list : ids_) {
    list.out->finish();
    if (list.left_out > 0)
      notes.push_back(
          list.file + ": " + std::to_string(list.left_out) +
          (list.left_out == 1 ? " item without a value is left out" : " items without a value are left out"));
  }
}

}  // namespace flowrun::core
