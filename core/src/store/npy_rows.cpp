#include "npy_rows.hpp"

#include <stdexcept>

#include "export_folder.hpp"
#include "key_text.hpp"
#include "stored_value.hpp"
#include "value_json.hpp"

namespace flowrun::core {
namespace {

std::string describe_row(const npy_row& row) {
  std::string item = "item '" + show_key(row.item.key) + "'";
  return row.element ? "element " + std::to_string(*row.element) + " of " + item : item;
}

std::string count_text(std::size_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? " without a value is left out" : "s without a value are left out");
}

}  // namespace

npy_rows::npy_rows(const exported_outcome& o, const schema& row) : of_(o), schema_(row), elements_(false) {
  add_arrays("", row);
}

npy_rows::npy_rows(const exported_outcome& o, const std::string& list, const schema& row)
    : of_(o), schema_(row), elements_(true) {
  add_arrays(list, row);
}

void npy_rows::add_arrays(const std::string& list, const schema& row) {
  std::size_t at = 0;
  for (number_column& column : find_number_columns(row)) {
    if (!list.empty()) column.field = column.field.empty() ? list : list + "." + column.field;
    // Bytes of a file, such as a JPEG's, have any length and are no row of numbers.
    if (elements_ && column.list && !column.width && column.kind == value_kind::uint8)
      bytes_.push_back(of_.label + (column.field.empty() ? "" : "." + show_text(column.field)));
    else
      add_array(std::move(column), at, list);
    ++at;
  }
}

// An element's list may be empty where there is nothing to say: a face without a vector.
bool npy_rows::may_lack(const number_column& column) const {
  return column.optional || (elements_ && column.list && !column.width);
}

void npy_rows::add_array(number_column column, std::size_t at, const std::string& list) {
  auto name_of = [this](const std::string& field) {
    return file_name_of(of_.label) + (field.empty() ? "" : "." + file_name_of(field));
  };
  const bool own = may_lack(column);
  std::size_t ids = 0;
  while (ids < ids_.size() && (own || ids_[ids].own)) ++ids;
  if (ids == ids_.size())
    ids_.push_back({name_of(own ? column.field : list) + ".ids.txt", arrays_.size(), own, 0, 0, {}});
  array a{std::move(column), at, {}, ids, {}, {}, {}};
  a.name = name_of(a.column.field);
  a.width = a.column.width;
  arrays_.push_back(std::move(a));
}

void npy_rows::read(const npy_row& row) {
  try {
    read_numbers(schema_, row.bytes, row_);
  } catch (const std::runtime_error& e) {
    fail_damaged(of_, row.item, e.what());
  }
  for (const array& a : arrays_)
    if (elements_ && a.column.list && !a.column.width && row_[a.at] && row_[a.at]->empty()) row_[a.at].reset();
}

void npy_rows::check_width(array& a, const npy_row& row) {
  std::size_t width = cell(a)->size() / scalar_size(a.column.kind);
  if (a.first.empty()) a.first = describe_row(row);
  if (!a.width) a.width = width;
  if (*a.width == width) return;
  throw store_error("'" + of_.label + (a.column.field.empty() ? "" : "." + show_text(a.column.field)) + "' of " +
                        describe_row(row) + " has length " + std::to_string(width) + ", but that of " + a.first +
                        " has " + std::to_string(*a.width) + ": npy takes lists of one length; export jsonl or csv",
                    65);
}

void npy_rows::count(const npy_row& row) {
  if (empty()) return;
  read(row);
  for (array& a : arrays_)
    if (cell(a)) check_width(a, row);
  for (id_list& list : ids_) ++(cell(arrays_[list.array]) ? list.rows : list.left_out);
}

void npy_rows::count_nothing() {
  if (elements_) ++items_left_out_;
  if (!elements_)
    for (id_list& list : ids_) ++list.left_out;
}

void npy_rows::open(const std::filesystem::path& folder) {
  for (array& a : arrays_) {
    a.out = std::make_unique<text_output>(folder / (a.name + ".npy"));
    a.out->write(npy_header(a.column, ids_[a.ids].rows, a.width.value_or(0)));
  }
  for (id_list& list : ids_) list.out = std::make_unique<text_output>(folder / list.file);
}

void npy_rows::write(const npy_row& row) {
  if (empty()) return;
  read(row);
  for (array& a : arrays_)
    if (cell(a)) a.out->write(*cell(a));
  std::string id = line_of_key(row.item.key) + (row.element ? "\t" + std::to_string(*row.element) : "") + "\n";
  for (id_list& list : ids_)
    if (cell(arrays_[list.array])) list.out->write(id);
}

void npy_rows::finish(std::vector<std::string>& notes) {
  for (array& a : arrays_) a.out->finish();
  for (id_list& list : ids_) {
    list.out->finish();
    if (list.left_out > 0)
      notes.push_back(list.file + ": " + count_text(list.left_out, elements_ ? "element" : "item"));
  }
  if (items_left_out_ > 0 && !empty()) notes.push_back(ids_[0].file + ": " + count_text(items_left_out_, "item"));
  for (const std::string& column : bytes_) notes.push_back("'" + column + "' is bytes and is left out; jsonl has it");
}

}  // namespace flowrun::core
