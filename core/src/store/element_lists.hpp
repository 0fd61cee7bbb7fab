// Lists of objects within kept values: tables and arrays have a row for each of their elements.
#pragma once
#include <flowrun/schema.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace flowrun::core {

// A list or array of objects that is the value, or one of its fields; those within elements are none.
struct element_list {
  std::string field;  // "list", "head.eyes"; empty: the value itself
  schema element;
};

// In the declared order.
std::vector<element_list> find_element_lists(const schema& s);

// Called with which list it is, which of its elements, and the element's bytes.
using element_visitor = std::function<void(std::size_t list, std::size_t index, std::string_view element)>;

// Visits every element of every list in order. Throws std::runtime_error with one sentence where the bytes do not fit
// the schema.
void visit_elements(const schema& s, std::string_view blob, const element_visitor& visit);

}  // namespace flowrun::core
