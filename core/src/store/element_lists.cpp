#include "element_lists.hpp"

#include "stored_value.hpp"

namespace flowrun::core {
namespace {

bool has_elements(const schema& s) {
  return (s.kind == value_kind::list || s.kind == value_kind::array) && s.children.at(0).kind == value_kind::object;
}

void add_lists(const schema& s, const std::string& field, std::vector<element_list>& lists) {
  if (s.kind == value_kind::optional) return add_lists(s.children.at(0), field, lists);
  if (has_elements(s)) lists.push_back({field, s.children[0]});
  if (s.kind != value_kind::object) return;
  for (const schema& child : s.children) add_lists(child, field.empty() ? child.name : field + "." + child.name, lists);
}

std::size_t count_lists(const schema& s) {
  if (has_elements(s)) return 1;
  std::size_t sum = 0;
  if (s.kind == value_kind::optional || s.kind == value_kind::object)
    for (const schema& child : s.children) sum += count_lists(child);
  return sum;
}

void take_lists(const schema& s, std::string_view& in, std::size_t& list, const element_visitor& visit) {
  if (s.kind == value_kind::optional) {
    if (take<char>(in)) return take_lists(s.children.at(0), in, list, visit);
    list += count_lists(s);
  } else if (s.kind == value_kind::object) {
    for (const schema& child : s.children) take_lists(child, in, list, visit);
  } else if (has_elements(s)) {
    std::uint32_t count = take_count(s, in);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::string_view from = in;
      skip_value(s.children[0], in);
      visit(list, i, from.substr(0, from.size() - in.size()));
    }
    ++list;
  } else {
    skip_value(s, in);
  }
}

}  // namespace

std::vector<element_list> find_element_lists(const schema& s) {
  std::vector<element_list> lists;
  add_lists(s, "", lists);
  return lists;
}

void visit_elements(const schema& s, std::string_view blob, const element_visitor& visit) {
  std::size_t list = 0;
  take_lists(s, blob, list, visit);
  require_end(blob);
}

}  // namespace flowrun::core
