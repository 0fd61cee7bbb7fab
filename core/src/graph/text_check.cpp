#include "text_check.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace flowrun::core {

namespace {

// Bytes of the UTF-8 character at `i`, 0: not one. Overlong forms and surrogates are none either.
std::size_t character_length(std::string_view s, std::size_t i) {
  const auto byte = [s](std::size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0U; };
  const unsigned first = byte(i);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  std::uint32_t code = first & (0x7fU >> length);
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xc0U) != 0x80U) return 0;
    code = code << 6 | (byte(i + k) & 0x3fU);
  }
  const std::uint32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  if (first < 0xc2 || first > 0xf4 || code < least || code > 0x10ffff) return 0;
  return code >= 0xd800 && code <= 0xdfff ? 0 : length;
}

int characters(std::string_view s) {
  int n = 0;
  for (char c : s) n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return n;
}

void check_encoding(std::string_view line, int number, problem_sink& out) {
  for (std::size_t i = 0; i < line.size();) {
    const auto here = [&] { return position{number, characters(line.substr(0, i)) + 1}; };
    const std::size_t length = character_length(line, i);
    if (length == 0) {
      out.error("not_utf8", here(), "this is not UTF-8; save the " + out.kind.name + " as UTF-8");
      return;
    }
    const auto c = static_cast<unsigned char>(line[i]);
    const bool line_end = c == '\r' && i + 1 == line.size();
    if ((c < 0x20 && c != '\t' && !line_end) || c == 0x7f) {
      out.error("control_character", here(), "a control character stands here; remove it");
      return;
    }
    i += length;
  }
}

// True where a quote opens a quoted text: behind an indicator, not inside plain text such as it's.
bool opens_value(std::string_view before) {
  const std::size_t last = before.find_last_not_of(" \t");
  if (last == std::string_view::npos) return true;
  const char c = before[last];
  if (c == '[' || c == '{' || c == ',') return true;
  return (c == ':' || c == '-' || c == '?') && last + 1 < before.size();
}

std::size_t closing_quote(std::string_view line, std::size_t open) {
  const char quote = line[open];
  for (std::size_t i = open + 1; i < line.size(); ++i) {
    if (quote == '"' && line[i] == '\\') {
      ++i;
    } else if (line[i] == quote) {
      if (quote != '\'' || i + 1 == line.size() || line[i + 1] != '\'') return i;
      ++i;
    }
  }
  return std::string_view::npos;
}

// Returns whether a block text (| or >) begins at the end of this line.
bool check_quotes(std::string_view line, int number, problem_sink& out) {
  std::size_t i = 0;
  for (; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) break;
    if ((c != '"' && c != '\'') || !opens_value(line.substr(0, i))) continue;
    const std::size_t close = closing_quote(line, i);
    if (close == std::string_view::npos) {
      out.error("open_quote", {number, characters(line.substr(0, i)) + 1},
                std::string("this quoted text is not closed on its line; a ") + c + " is missing");
      return false;
    }
    i = close;
  }
  std::string_view code = line.substr(0, i);
  while (!code.empty() && (code.back() == ' ' || code.back() == '\t' || code.back() == '\r')) code.remove_suffix(1);
  std::size_t end = code.find_last_not_of("+-0123456789");
  return end != std::string_view::npos && end > 1 && (code[end] == '|' || code[end] == '>') &&
         opens_value(code.substr(0, end));
}

}  // namespace

bool is_utf8(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

void check_text(const std::string& text, problem_sink& out) {
  bool anything = false, in_block_text = false;
  std::size_t block_indent = 0;
  int number = 0;
  for (std::size_t start = 0; start < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = std::string_view(text).substr(start, end - start);
    start = end + 1;
    check_encoding(line, number + 1, out);
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    if (line[first] != '#') anything = true;
    if (in_block_text && first > block_indent) continue;
    in_block_text = check_quotes(line, number + 1, out);
    if (in_block_text) block_indent = first;
  }
  if (!anything) out.error("empty_file", {}, "the " + out.kind.name + " is empty; it needs " + out.kind.needs);
}

}  // namespace flowrun::core
