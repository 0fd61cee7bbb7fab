#include "box_value.hpp"

#include <cmath>
#include <limits>

#include "key_text.hpp"
#include "stored_value.hpp"
#include "value_json.hpp"

namespace flowrun::core {
namespace {

double take_double(value_kind kind, std::string_view& in) {
  switch (kind) {
    case value_kind::int8:
      return take<std::int8_t>(in);
    case value_kind::int16:
      return take<std::int16_t>(in);
    case value_kind::int32:
      return take<std::int32_t>(in);
    case value_kind::int64:
      return static_cast<double>(take<std::int64_t>(in));
    case value_kind::uint8:
      return take<std::uint8_t>(in);
    case value_kind::uint16:
      return take<std::uint16_t>(in);
    case value_kind::uint32:
      return take<std::uint32_t>(in);
    case value_kind::uint64:
      return static_cast<double>(take<std::uint64_t>(in));
    case value_kind::float32:
      return take<float>(in);
    default:
      return take<double>(in);
  }
}

box_number take_number(const schema& s, std::string_view& in) {
  return {take_double(s.kind, in), s.kind == value_kind::float32};
}

// A size in pixels is far below 2^53; what cannot be one is not told.
std::int64_t take_size(const schema& s, std::string_view& in) {
  double size = take_double(s.kind, in);
  return size > 0 && size <= std::numeric_limits<std::int32_t>::max() ? static_cast<std::int64_t>(size) : 0;
}

std::string take_json(const schema& s, std::string_view& in) {
  std::string json;
  take_json_value(s, in, false, json);
  return json;
}

void take_field(const schema& s, box_field what, std::string_view& in, found_box& box) {
  if (s.kind == value_kind::optional && what != box_field::other) {
    if (take<char>(in)) take_field(s.children.at(0), what, in, box);
    return;
  }
  switch (what) {
    case box_field::other:
      return skip_value(s, in);
    case box_field::x:
      box.x = take_number(s, in);
      return;
    case box_field::y:
      box.y = take_number(s, in);
      return;
    case box_field::w:
      box.w = take_number(s, in);
      return;
    case box_field::h:
      box.h = take_number(s, in);
      return;
    case box_field::score:
      box.score = take_number(s, in);
      return;
    case box_field::label:
      box.label = show_text(take_text(in));
      return;
    case box_field::landmarks:
      for (std::uint32_t i = take_count(s, in); i > 0; --i) box.landmarks.push_back(take_number(s.children.at(0), in));
      return;
    case box_field::identity:
      box.identity = take_json(s, in);
      return;
  }
}

std::optional<std::string> take_identity(const schema& element, std::size_t which, std::string_view& in) {
  found_box box;
  for (std::size_t i = 0; i < element.children.size(); ++i)
    take_field(element.children[i], i == which ? box_field::identity : box_field::other, in, box);
  return box.identity;
}

}  // namespace

bool found_box::is_finite() const {
  return std::isfinite(x.value) && std::isfinite(y.value) && std::isfinite(w.value * h.value) &&
         std::isfinite(w.value) && std::isfinite(h.value);
}

std::string describe_endless_boxes(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " box with NaN or infinity in it is left out"
                                             : " boxes with NaN or infinity in them are left out");
}

found_boxes read_boxes(const schema& s, const box_layout& layout, std::string_view blob) {
  found_boxes found;
  for (std::size_t i = 0; i < s.children.size(); ++i) {
    const schema& field = s.children[i];
    if (i == layout.width) {
      found.width = take_size(field, blob);
    } else if (i == layout.height) {
      found.height = take_size(field, blob);
    } else if (i == layout.list) {
      const schema& element = field.children.at(0);
      for (std::uint32_t left = take_count(field, blob); left > 0; --left) {
        found_box& box = found.list.emplace_back();
        for (std::size_t k = 0; k < element.children.size(); ++k)
          take_field(element.children[k], layout.fields[k], blob, box);
      }
    } else {
      skip_value(field, blob);
    }
  }
  require_end(blob);
  return found;
}

std::vector<std::optional<std::string>> read_identities(const schema& s, const identity_layout& layout,
                                                        std::string_view blob) {
  std::vector<std::optional<std::string>> identities;
  for (std::size_t i = 0; i < s.children.size(); ++i) {
    const schema& field = s.children[i];
    if (i != layout.list) {
      skip_value(field, blob);
      continue;
    }
    for (std::uint32_t left = take_count(field, blob); left > 0; --left)
      identities.push_back(take_identity(field.children.at(0), layout.identity, blob));
  }
  require_end(blob);
  return identities;
}

}  // namespace flowrun::core
