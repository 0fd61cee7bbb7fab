#include "yolo_label.hpp"

#include <algorithm>
#include <charconv>

namespace flowrun::core {
namespace {

constexpr int decimals = 6;
constexpr double smallest = 5e-7;  // what is below is written as 0

struct span {
  double centre = 0, size = 0;  // 0..1
};

span clip(double from, double size, double whole) {
  const double low = std::clamp(from, 0.0, whole), high = std::clamp(from + size, 0.0, whole);
  return {(low + high) / 2 / whole, (high - low) / whole};
}

void append_share(double share, std::string& line) {
  char text[32];
  auto [end, error] = std::to_chars(text, text + sizeof text, share, std::chars_format::fixed, decimals);
  static_cast<void>(error);  // 0..1 is short
  line += ' ';
  line.append(text, end);
}

}  // namespace

std::string write_yolo_line(std::size_t index, const found_box& box, const found_boxes& picture) {
  const span x = clip(box.x.value, box.w.value, static_cast<double>(picture.width));
  const span y = clip(box.y.value, box.h.value, static_cast<double>(picture.height));
  if (!(x.size >= smallest && y.size >= smallest)) return {};
  std::string line = std::to_string(index);
  for (double share : {x.centre, y.centre, x.size, y.size}) append_share(share, line);
  return line + "\n";
}

}  // namespace flowrun::core
