#include "csv_value.hpp"

#include <algorithm>
#include <numeric>

#include "base64.hpp"
#include "key_text.hpp"
#include "stored_value.hpp"
#include "value_json.hpp"

namespace flowrun::core {
namespace {

constexpr std::uint32_t most_columns = 16384;  // of one array: what spreadsheets hold

bool is_plain(value_kind kind) {
  return kind == value_kind::text || scalar_size(kind) > 0;
}

bool has_columns(const schema& s) {
  return s.kind == value_kind::array && s.count <= most_columns && is_plain(s.children.at(0).kind);
}

// Cells of a value, in the declared order.
std::size_t leaf_count(const schema& s) {
  std::size_t sum = 0;
  if (s.kind == value_kind::optional) return leaf_count(s.children.at(0));
  if (has_columns(s)) return s.count;
  if (s.kind != value_kind::object) return 1;
  for (const schema& child : s.children) sum += leaf_count(child);
  return sum;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
}

}  // namespace

std::string csv_text(std::string_view text) {
  std::string safe = is_formula(text) ? "'" : "";
  safe += text;
  return text.empty() || safe.find_first_of(",\"\r\n") != std::string::npos ? quote(safe) : safe;
}

csv_layout::csv_layout(const schema& s, bool sorted, const std::set<std::string>& taken)
    : schema_(s), sorted_(sorted), taken_(taken) {
  add_columns(schema_, "", 0);
}

void csv_layout::add_column(std::string name, std::size_t leaf) {
  if (name.empty()) name = "value";
  while (!taken_.insert(name).second) name = "value." + name;
  columns_.push_back(std::move(name));
  leaves_.push_back(leaf);
}

void csv_layout::add_columns(const schema& s, const std::string& name, std::size_t first_leaf) {
  if (s.kind == value_kind::optional) return add_columns(s.children.at(0), name, first_leaf);
  if (has_columns(s)) {
    std::string stem = (name.empty() ? "value" : name) + ".";
    for (std::uint32_t i = 0; i < s.count; ++i) add_column(stem + std::to_string(i), first_leaf + i);
    return;
  }
  if (s.kind != value_kind::object) return add_column(name, first_leaf);
  std::vector<std::size_t> order(s.children.size()), leaf(s.children.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = 0; i < order.size(); ++i) {
    leaf[i] = first_leaf;
    first_leaf += leaf_count(s.children[i]);
  }
  if (sorted_)
    std::stable_sort(order.begin(), order.end(),
                     [&s](std::size_t a, std::size_t b) { return s.children[a].name < s.children[b].name; });
  for (std::size_t i : order)
    add_columns(s.children[i], name.empty() ? s.children[i].name : name + "." + s.children[i].name, leaf[i]);
}

void csv_layout::take_cells(const schema& s, std::string_view& in) {
  if (s.kind == value_kind::object) {
    for (const schema& child : s.children) take_cells(child, in);
  } else if (s.kind == value_kind::optional) {
    if (take<char>(in))
      take_cells(s.children.at(0), in);
    else
      cells_.resize(cells_.size() + leaf_count(s));
  } else if (has_columns(s)) {
    for (std::uint32_t i = 0; i < s.count; ++i) take_cells(s.children.at(0), in);
  } else if (s.kind == value_kind::text) {
    cells_.push_back(csv_text(show_text(take_text(in))));
  } else if (is_bytes(s)) {
    std::string text;
    append_base64(take_text(in), text);
    cells_.push_back(csv_text(text));
  } else {
    std::string json;
    take_json_value(s, in, sorted_, json);
    if (json == "null") json.clear();
    cells_.push_back(scalar_size(s.kind) > 0 || json.empty() ? std::move(json) : quote(json));
  }
}

void csv_layout::append_value(std::string_view blob, std::string& row) {
  cells_.clear();
  take_cells(schema_, blob);
  require_end(blob);
  for (std::size_t leaf : leaves_) {
    row += ',';
    row += cells_.at(leaf);
  }
}

}  // namespace flowrun::core
