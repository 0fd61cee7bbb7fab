#include "unique_names.hpp"

namespace output {

namespace {

// A file's name has at most 255 bytes; the rest is for "~2".
constexpr std::size_t longest = 240;

std::string name_of(std::string_view text) {
  std::string name(text.size() > longest ? text.substr(text.size() - longest) : text);
  if (text.size() > longest) {
    // Not from the middle of a UTF-8 character.
    std::size_t cut = 0;
    while (cut < 3 && (static_cast<unsigned char>(name[cut]) & 0xc0) == 0x80) ++cut;
    name.erase(0, cut);
  }
  for (char& c : name)
    if (c == '/' || c == '\0') c = '_';
  if (name.empty() || name[0] == '.') name.insert(0, "_");
  return name;
}

}  // namespace

std::string unique_names::add(std::string_view text) {
  const std::string name = name_of(text);
  const std::size_t dot = name.rfind('.');
  const std::size_t end = dot == std::string::npos ? name.size() : dot;
  std::string given = name;
  for (std::size_t n = 2; !taken_.insert(given).second; ++n)
    given = name.substr(0, end) + "~" + std::to_string(n) + name.substr(end);
  return given;
}

}  // namespace output
