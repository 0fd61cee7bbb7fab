#include "value_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "base64.hpp"
#include "key_text.hpp"
#include "stored_value.hpp"

namespace flowrun::core {
namespace {

template <class T> void append_number(T value, std::string& out) {
  char text[64];
  auto [end, error] = std::to_chars(text, text + sizeof text, value);
  static_cast<void>(error);  // 64 characters hold every number
  out.append(text, end);
}

template <class T> void append_whole(std::string_view& in, std::string& out) {
  append_number(static_cast<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(take<T>(in)), out);
}

template <class T> void append_float(T value, std::string& out) {
  if (std::isfinite(value))
    append_number(value, out);
  else
    out += "null";
}

void take_bytes_text(std::string_view& in, std::string& out) {
  out += '"';
  append_base64(take_text(in), out);
  out += '"';
}

void take_elements(const schema& s, std::string_view& in, bool sorted, std::string& out) {
  std::uint32_t count = take_count(s, in);
  out += '[';
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    take_json_value(s.children.at(0), in, sorted, out);
  }
  out += ']';
}

void take_object(const schema& s, std::string_view& in, bool sorted, std::string& out) {
  std::vector<std::pair<std::string_view, std::string>> fields;
  for (const schema& child : s.children) {
    std::string& text = fields.emplace_back(child.name, std::string()).second;
    take_json_value(child, in, sorted, text);
  }
  if (sorted)
    std::stable_sort(fields.begin(), fields.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const char* before = "{";
  for (const auto& field : fields) {
    out += before;
    append_json_text(show_text(field.first), out);
    out += ':';
    out += field.second;
    before = ",";
  }
  out += fields.empty() ? "{}" : "}";
}

}  // namespace

bool is_bytes(const schema& s) {
  return s.kind == value_kind::list && s.children.at(0).kind == value_kind::uint8;
}

void append_json_number(double value, bool single, std::string& out) {
  if (single)
    append_float(static_cast<float>(value), out);
  else
    append_float(value, out);
}

void append_json_text(std::string_view text, std::string& out) {
  constexpr char hex[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void take_json_value(const schema& s, std::string_view& in, bool sorted, std::string& out) {
  switch (s.kind) {
    case value_kind::none:
      out += "null";
      return;
    case value_kind::boolean:
      out += take<char>(in) ? "true" : "false";
      return;
    case value_kind::int8:
      return append_whole<std::int8_t>(in, out);
    case value_kind::int16:
      return append_whole<std::int16_t>(in, out);
    case value_kind::int32:
      return append_whole<std::int32_t>(in, out);
    case value_kind::int64:
      return append_whole<std::int64_t>(in, out);
    case value_kind::uint8:
      return append_whole<std::uint8_t>(in, out);
    case value_kind::uint16:
      return append_whole<std::uint16_t>(in, out);
    case value_kind::uint32:
      return append_whole<std::uint32_t>(in, out);
    case value_kind::uint64:
      return append_whole<std::uint64_t>(in, out);
    case value_kind::float32:
      return append_float(take<float>(in), out);
    case value_kind::float64:
      return append_float(take<double>(in), out);
    case value_kind::text:
      return append_json_text(show_text(take_text(in)), out);
    case value_kind::list:
      if (is_bytes(s)) return take_bytes_text(in, out);
      return take_elements(s, in, sorted, out);
    case value_kind::array:
      return take_elements(s, in, sorted, out);
    case value_kind::optional:
      if (take<char>(in))
        take_json_value(s.children.at(0), in, sorted, out);
      else
        out += "null";
      return;
    case value_kind::object:
      return take_object(s, in, sorted, out);
  }
}

void append_json_value(const schema& s, std::string_view blob, bool sorted, std::string& out) {
  take_json_value(s, blob, sorted, out);
  require_end(blob);
}

}  // namespace flowrun::core
