#include "npy_table.hpp"

#include <algorithm>
#include <stdexcept>

#include "element_lists.hpp"

namespace flowrun::core {

npy_table::npy_table(const exported_outcome& o) : of_(o), items_(o, o.fields) {
  for (const element_list& list : find_element_lists(o.fields)) elements_.emplace_back(o, list.field, list.element);
}

bool npy_table::has_element_numbers() const {
  return !std::all_of(elements_.begin(), elements_.end(), [](const npy_rows& rows) { return rows.empty(); });
}

bool npy_table::empty() const {
  return items_.empty() && !has_element_numbers();
}

template <class Each> void npy_table::visit_rows(const exported_item& item, Each&& each) {
  each(items_, npy_row{item, {}, of_.value});
  if (!has_element_numbers()) return;
  try {
    visit_elements(of_.fields, of_.value, [&](std::size_t list, std::size_t index, std::string_view element) {
      each(elements_[list], npy_row{item, index, element});
    });
  } catch (const store_error&) {
    throw;
  } catch (const std::runtime_error& e) {
    fail_damaged(of_, item, e.what());
  }
}

void npy_table::count(const exported_item& item) {
  if (of_.answer == answer_kind::value) {
    visit_rows(item, [](npy_rows& rows, const npy_row& row) { rows.count(row); });
  } else if (of_.answer != answer_kind::none) {
    items_.count_nothing();
    for (npy_rows& rows : elements_) rows.count_nothing();
  }
}

void npy_table::open(const std::filesystem::path& folder) {
  items_.open(folder);
  for (npy_rows& rows : elements_) rows.open(folder);
}

void npy_table::write(const exported_item& item) {
  if (of_.answer != answer_kind::value) return;
  visit_rows(item, [](npy_rows& rows, const npy_row& row) { rows.write(row); });
}

void npy_table::finish(std::vector<std::string>& notes) {
  items_.finish(notes);
  for (npy_rows& rows : elements_) rows.finish(notes);
}

}  // namespace flowrun::core
