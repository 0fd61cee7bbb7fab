#include "csv_port.hpp"

#include <stdexcept>

#include "element_lists.hpp"
#include "export_folder.hpp"
#include "key_text.hpp"

namespace flowrun::core {
namespace {

const std::vector<std::string> key_columns = {"item", "source", "stream", "reason"};

// A stage may be named like the file of the items.
std::string name_of(const exported_outcome& o) {
  return file_name_of(o.label == "items" ? o.label + "." + o.port : o.label);
}

}  // namespace

std::string csv_key_cells(const exported_item& item) {
  return csv_text(show_key(item.key)) + "," + csv_text(show_text(item.source)) + "," +
         (item.stream.empty() ? "" : csv_text(show_key(item.stream)));
}

std::string csv_reason_cell(std::string_view reason) {
  return reason.empty() ? std::string() : csv_text(show_text(reason));
}

csv_port::csv_port(const exported_outcome& o, const std::filesystem::path& folder, bool sorted)
    : of_(o), items_(std::make_unique<csv_table>(folder / (name_of(o) + ".csv"), key_columns, o.fields, sorted)) {
  const std::vector<std::string> first = {"item", "source", "stream", "index"};
  for (const element_list& list : find_element_lists(o.fields)) {
    std::string file = name_of(o) + "." + file_name_of(list.field.empty() ? "value" : list.field) + ".csv";
    elements_.push_back(std::make_unique<csv_table>(folder / file, first, list.element, sorted));
  }
}

void csv_port::write_value(const std::string& keys) {
  items_->write(keys + ",", of_.value);
  if (elements_.empty()) return;
  visit_elements(of_.fields, of_.value, [&](std::size_t list, std::size_t index, std::string_view element) {
    elements_[list]->write(keys + "," + std::to_string(index), element);
  });
}

void csv_port::write(const exported_item& item) {
  if (of_.answer == answer_kind::none) return;
  const std::string keys = csv_key_cells(item);
  if (of_.answer != answer_kind::value) return items_->write_nothing(keys + "," + csv_reason_cell(of_.reason));
  try {
    write_value(keys);
  } catch (const store_error&) {
    throw;
  } catch (const std::runtime_error& e) {
    fail_damaged(of_, item, e.what());
  }
}

void csv_port::finish() {
  items_->finish();
  for (const auto& table : elements_) table->finish();
}

}  // namespace flowrun::core
