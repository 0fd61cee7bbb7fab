#include "npy_value.hpp"

#include "stored_value.hpp"

namespace flowrun::core {
namespace {

bool is_number_list(const schema& s) {
  return (s.kind == value_kind::list || s.kind == value_kind::array) && scalar_size(s.children.at(0).kind) > 0;
}

void add_columns(const schema& s, const std::string& field, bool optional, std::vector<number_column>& columns) {
  if (s.kind == value_kind::optional) return add_columns(s.children.at(0), field, true, columns);
  if (s.kind == value_kind::object) {
    for (const schema& child : s.children)
      add_columns(child, field.empty() ? child.name : field + "." + child.name, optional, columns);
  } else if (scalar_size(s.kind) > 0) {
    columns.push_back({field, s.kind, false, optional, 1});
  } else if (is_number_list(s)) {
    number_column column{field, s.children[0].kind, true, optional, {}};
    if (s.kind == value_kind::array) column.width = s.count;
    columns.push_back(std::move(column));
  }
}

void take_numbers(const schema& s, std::string_view& in, std::vector<std::optional<std::string_view>>& row) {
  if (s.kind == value_kind::optional) {
    if (take<char>(in)) return take_numbers(s.children.at(0), in, row);
    std::vector<number_column> missing;
    add_columns(s.children.at(0), "", true, missing);
    row.resize(row.size() + missing.size());
  } else if (s.kind == value_kind::object) {
    for (const schema& child : s.children) take_numbers(child, in, row);
  } else if (scalar_size(s.kind) > 0) {
    row.emplace_back(take_bytes(in, scalar_size(s.kind)));
  } else if (is_number_list(s)) {
    std::uint64_t count = take_count(s, in);
    row.emplace_back(take_bytes(in, count * scalar_size(s.children[0].kind)));
  } else {
    skip_value(s, in);
  }
}

// Little endian, as the store is.
std::string dtype_text(value_kind kind) {
  std::size_t size = scalar_size(kind);
  char letter = 'f';
  if (kind == value_kind::boolean) letter = 'b';
  if (kind >= value_kind::int8 && kind <= value_kind::int64) letter = 'i';
  if (kind >= value_kind::uint8 && kind <= value_kind::uint64) letter = 'u';
  return std::string(size == 1 ? "|" : "<") + letter + std::to_string(size);
}

}  // namespace

std::vector<number_column> find_number_columns(const schema& s) {
  std::vector<number_column> columns;
  add_columns(s, "", false, columns);
  return columns;
}

void read_numbers(const schema& s, std::string_view blob, std::vector<std::optional<std::string_view>>& row) {
  row.clear();
  take_numbers(s, blob, row);
  require_end(blob);
}

std::string npy_header(const number_column& column, std::size_t rows, std::size_t width) {
  std::string shape = "(" + std::to_string(rows) + "," + (column.list ? " " + std::to_string(width) : "") + ")";
  std::string text = "{'descr': '" + dtype_text(column.kind) + "', 'fortran_order': False, 'shape': " + shape + ", }";
  constexpr std::size_t before = 10, alignment = 64;  // magic, version and length; the data begins at a multiple of 64
  std::size_t whole = (before + text.size() + 1 + alignment - 1) / alignment * alignment;
  text.append(whole - before - text.size() - 1, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

}  // namespace flowrun::core
