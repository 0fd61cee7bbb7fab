// Rectangles of a kept value, read by their layout.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "box_layout.hpp"

namespace flowrun::core {

struct box_number {
  double value = 0;
  bool single = false;  // a float32
};

struct found_box {
  box_number x, y, w, h;
  std::optional<box_number> score;
  std::optional<std::string> label;     // UTF-8
  std::vector<box_number> landmarks;    // x and y in turns; empty: this one has none
  std::optional<std::string> identity;  // as JSON

  bool is_finite() const;  // its sides and its area
};

// A note on boxes that are left out because they are not finite.
std::string describe_endless_boxes(std::size_t count);

struct found_boxes {
  std::int64_t width = 0, height = 0;  // of the picture; 0: not told
  std::vector<found_box> list;

  bool is_sized() const { return width > 0 && height > 0; }
};

// They throw std::runtime_error with one sentence where the bytes do not fit the schema, for which the layout is.
found_boxes read_boxes(const schema& s, const box_layout& layout, std::string_view blob);
// As JSON; none: the element has none.
std::vector<std::optional<std::string>> read_identities(const schema& s, const identity_layout& layout,
                                                        std::string_view blob);

}  // namespace flowrun::core
