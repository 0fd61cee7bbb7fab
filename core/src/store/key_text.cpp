#include "key_text.hpp"

namespace flowrun::core {

std::size_t character_length(std::string_view text) {
  auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty()) return 0;
  unsigned first = byte(0);
  if (first < 0x80) return 1;
  std::size_t length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 0;
  if (first >= 0xf0 && first < 0xf5) length = 4;
  if (length == 0 || text.size() < length) return 0;
  // The second byte's range keeps out overlong forms, surrogates and what lies above U+10FFFF.
  unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  return length;
}

std::string show_key(std::string_view key) {
  constexpr char hex[] = "0123456789ABCDEF";
  std::string shown;
  shown.reserve(key.size());
  while (!key.empty()) {
    std::size_t length = character_length(key);
    if (length == 0 || key[0] == '%') {
      auto byte = static_cast<unsigned char>(key[0]);
      shown += '%';
      shown += hex[byte >> 4];
      shown += hex[byte & 15];
      length = 1;
    } else {
      shown += key.substr(0, length);
    }
    key.remove_prefix(length);
  }
  return shown;
}

std::string show_text(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t length = character_length(rest);
    if (length == 0) return show_key(text);
    rest.remove_prefix(length);
  }
  return std::string(text);
}

}  // namespace flowrun::core
