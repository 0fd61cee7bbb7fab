#include "box_layout.hpp"

#include <string_view>
#include <utility>

#include "stored_value.hpp"

namespace flowrun::core {
namespace {

bool is_number(const schema& s) {
  return s.kind != value_kind::boolean && scalar_size(s.kind) > 0;
}

bool is_whole(const schema& s) {
  return s.kind >= value_kind::int8 && s.kind <= value_kind::uint64;
}

const schema& without_optional(const schema& s) {
  return s.kind == value_kind::optional ? s.children.at(0) : s;
}

std::optional<std::size_t> find_field(const schema& object, std::string_view name, bool (*fits)(const schema&)) {
  for (std::size_t i = 0; i < object.children.size(); ++i)
    if (object.children[i].name == name && fits(object.children[i])) return i;
  return {};
}

bool is_object_list(const schema& s) {
  return (s.kind == value_kind::list || s.kind == value_kind::array) && s.children.at(0).kind == value_kind::object;
}

bool is_text(const schema& s) {
  return without_optional(s).kind == value_kind::text;
}

bool has_points(const schema& s) {
  const schema& inner = without_optional(s);
  return inner.kind == value_kind::array && inner.count > 0 && inner.count % 2 == 0 && is_number(inner.children.at(0));
}

bool may_be_number(const schema& s) {
  return is_number(without_optional(s));
}

bool may_be_whole(const schema& s) {
  return is_whole(without_optional(s));
}

void find_more(const schema& element, box_layout& layout) {
  if (auto at = find_field(element, "score", may_be_number)) layout.fields[*at] = box_field::score;
  auto label = find_field(element, "label", is_text);
  if (!label) label = find_field(element, "name", is_text);
  if (label) layout.fields[*label] = box_field::label;
  layout.labelled = label.has_value();
  if (auto at = find_field(element, "landmarks", has_points)) {
    layout.fields[*at] = box_field::landmarks;
    layout.points = without_optional(element.children[*at]).count / 2;
  }
  auto identity = find_field(element, "identity", may_be_whole);
  if (identity) layout.fields[*identity] = box_field::identity;
  layout.identified = identity.has_value();
}

}  // namespace

std::optional<box_layout> find_boxes(const schema& value) {
  if (value.kind != value_kind::object) return {};
  auto list = find_field(value, "list", is_object_list);
  if (!list) return {};
  const schema& element = value.children[*list].children.at(0);
  box_layout layout;
  layout.list = *list;
  layout.fields.assign(element.children.size(), box_field::other);
  const std::pair<const char*, box_field> sides[] = {
      {"x", box_field::x}, {"y", box_field::y}, {"w", box_field::w}, {"h", box_field::h}};
  for (const auto& side : sides) {
    auto at = find_field(element, side.first, is_number);
    if (!at) return {};
    layout.fields[*at] = side.second;
  }
  layout.width = find_field(value, "width", is_whole);
  layout.height = find_field(value, "height", is_whole);
  find_more(element, layout);
  return layout;
}

std::optional<identity_layout> find_identities(const schema& value) {
  if (value.kind != value_kind::object) return {};
  auto list = find_field(value, "list", is_object_list);
  if (!list) return {};
  auto identity = find_field(value.children[*list].children.at(0), "identity", may_be_whole);
  if (!identity) return {};
  return identity_layout{*list, *identity};
}

}  // namespace flowrun::core
