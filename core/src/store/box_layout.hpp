// Which kept values are rectangles in a picture, told by their schema alone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <flowrun/schema.hpp>
#include <optional>
#include <vector>

namespace flowrun::core {

enum class box_field : std::uint8_t { other, x, y, w, h, score, label, landmarks, identity };

// An object with a field `list` whose elements have numbers x, y, w and h. What else is taken of an element, all of it
// optional: a number `score`, a text `label` (or `name`), an array `landmarks` of x and y in turns, a whole number
// `identity`.
struct box_layout {
  std::size_t list = 0;                      // which field of the value
  std::optional<std::size_t> width, height;  // the same: whole numbers, the size of the picture
  std::vector<box_field> fields;             // of an element, what each of its fields is
  std::size_t points = 0;                    // of its landmarks
  bool labelled = false, identified = false;

  bool is_sized() const { return width && height; }
};
std::optional<box_layout> find_boxes(const schema& value);

// An object with a field `list` whose elements have a whole number `identity`: whose boxes they are is told elsewhere.
struct identity_layout {
  std::size_t list = 0, identity = 0;  // which field of the value, and of an element
};
std::optional<identity_layout> find_identities(const schema& value);

}  // namespace flowrun::core
