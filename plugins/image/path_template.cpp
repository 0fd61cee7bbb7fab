#include "path_template.hpp"

#include <flowrun/packet.hpp>

namespace image_write {

namespace {

// The dot of the file name's extension, or the key's end. ".hidden" has none.
std::size_t extension_dot(std::string_view key) {
  std::size_t dot = key.rfind('.'), slash = key.rfind('/');
  std::size_t name = slash == std::string_view::npos ? 0 : slash + 1;
  return dot == std::string_view::npos || dot <= name ? key.size() : dot;
}

}  // namespace

path_template::path_template(std::string_view text) : whole_(text) {
  auto refuse = [this](const std::string& what) {
    throw flowrun::input_error("the path template '" + whole_ + "' " + what);
  };
  while (!text.empty()) {
    std::size_t brace = text.find_first_of("{}");
    if (brace != 0) parts_.push_back({part_kind::text, std::string(text.substr(0, brace))});
    if (brace == std::string_view::npos) break;
    std::size_t close = text.find_first_of("{}", brace + 1);
    if (text[brace] == '}') refuse("has a '}' without a '{' before it");
    if (close == std::string_view::npos || text[close] == '{') refuse("has a '{' that is not closed by a '}'");
    parts_.push_back(placeholder(text.substr(brace + 1, close - brace - 1)));
    text.remove_prefix(close + 1);
  }
  if (parts_.empty()) refuse("is empty; give one such as '{key}' or '{stem}.jpg'");
  // Within a run two items of one path are noticed; between runs of one directory only the template can tell them
  // apart.
  bool differs = false;
  for (const part& p : parts_)
    differs = differs || p.kind == part_kind::key || p.kind == part_kind::stem || p.kind == part_kind::seq;
  if (!differs) refuse("gives every item the same path; put {key}, {stem} or {seq} in it");
}

path_template::part path_template::placeholder(std::string_view inside) const {
  if (inside == "key") return {part_kind::key, ""};
  if (inside == "stem") return {part_kind::stem, ""};
  if (inside == "ext") return {part_kind::ext, ""};
  if (inside == "stream") return {part_kind::stream, ""};
  if (inside == "seq") return {part_kind::seq, ""};
  if (inside.substr(0, 5) == "seq:0" && inside.size() == 6 && inside[5] >= '1' && inside[5] <= '9')
    return {part_kind::seq, "", static_cast<std::size_t>(inside[5] - '0')};
  throw flowrun::input_error("the path template '" + whole_ + "' has an unknown placeholder '{" + std::string(inside) +
                             "}'; there are {key}, {stem}, {ext}, {stream}, {seq}, and {seq:01} to {seq:09}");
}

std::string path_template::fill(const flowrun::item_info& item) const {
  std::string path;
  std::size_t dot = extension_dot(item.key);
  for (const part& p : parts_) {
    switch (p.kind) {
      case part_kind::text:
        path += p.text;
        break;
      case part_kind::key:
        path += item.key;
        break;
      case part_kind::stem:
        path += item.key.substr(0, dot);
        break;
      case part_kind::ext:
        if (dot < item.key.size()) path += item.key.substr(dot + 1);
        break;
      case part_kind::stream:
        path += item.stream;
        break;
      case part_kind::seq: {
        std::string digits = std::to_string(item.seq);
        if (digits.size() < p.digits) path.append(p.digits - digits.size(), '0');
        path += digits;
        break;
      }
    }
  }
  return path;
}

}  // namespace image_write
