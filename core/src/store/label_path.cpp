#include "label_path.hpp"

#include <string_view>

#include "key_text.hpp"

namespace flowrun::core {
namespace {

// The dot of the file name's extension, or the end. ".hidden" has none.
std::size_t extension_dot(std::string_view path) {
  std::size_t dot = path.rfind('.'), slash = path.rfind('/');
  std::size_t name = slash == std::string_view::npos ? 0 : slash + 1;
  return dot == std::string_view::npos || dot <= name ? path.size() : dot;
}

std::string path_without_extension(const exported_item& item) {
  std::string_view key = item.key, stream = item.stream;
  const bool is_frame = !stream.empty() && key.size() > stream.size() && key.substr(0, stream.size()) == stream &&
                        key[stream.size()] == '#';
  if (!is_frame) return std::string(key.substr(0, extension_dot(key)));
  return std::string(stream.substr(0, extension_dot(stream))) + "_" + std::string(key.substr(stream.size() + 1));
}

// As the picture's, but for bytes that are no text: those as %XX.
std::string safe_name(std::string_view name) {
  constexpr char hex[] = "0123456789ABCDEF";
  if (name == "..") return "%2E%2E";
  std::string safe;
  while (!name.empty()) {
    auto byte = static_cast<unsigned char>(name[0]);
    std::size_t length = character_length(name);
    if (length == 0 || byte < 0x20 || byte == 0x7f) {
      length = 1;
      safe += {'%', hex[byte >> 4], hex[byte & 15]};
    } else {
      safe += name.substr(0, length);
    }
    name.remove_prefix(length);
  }
  return safe;
}

}  // namespace

std::string label_path(const exported_item& item) {
  const std::string whole = path_without_extension(item);
  std::string_view rest = whole;
  std::string path;
  while (!rest.empty()) {
    std::string_view name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(name.size() + (name.size() < rest.size()));
    if (name.empty() || name == ".") continue;
    if (!path.empty()) path += '/';
    path += safe_name(name);
  }
  return (path.empty() ? "_" : path) + ".txt";
}

}  // namespace flowrun::core
