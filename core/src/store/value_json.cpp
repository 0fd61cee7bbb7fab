#include "value_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

#include "key_text.hpp"

namespace flowrun::core {
namespace {

// Elements without bytes cannot be checked against the value's length.
constexpr std::uint32_t most_empty_elements = 1u << 16;

template <class T> T take(std::string_view& in) {
  if (in.size() < sizeof(T)) throw std::runtime_error("the stored value ends early");
  T value;
  std::memcpy(&value, in.data(), sizeof(T));
  in.remove_prefix(sizeof(T));
  return value;
}

template <class T> void append_number(T value, std::string& out) {
  char text[64];
  auto [end, error] = std::to_chars(text, text + sizeof text, value);
  static_cast<void>(error);  // 64 characters hold every number
  out.append(text, end);
}

template <class T> void append_whole(std::string_view& in, std::string& out) {
  append_number(static_cast<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(take<T>(in)), out);
}

template <class T> void append_float(std::string_view& in, std::string& out) {
  T value = take<T>(in);
  if (std::isfinite(value))
    append_number(value, out);
  else
    out += "null";
}

// The fewest bytes a value takes.
std::uint64_t least_size(const schema& s) {
  std::uint64_t sum = 0;
  switch (s.kind) {
    case value_kind::none:
      return 0;
    case value_kind::boolean:
    case value_kind::int8:
    case value_kind::uint8:
    case value_kind::optional:
      return 1;
    case value_kind::int16:
    case value_kind::uint16:
      return 2;
    case value_kind::int32:
    case value_kind::uint32:
    case value_kind::float32:
    case value_kind::text:
    case value_kind::list:
      return 4;
    case value_kind::int64:
    case value_kind::uint64:
    case value_kind::float64:
      return 8;
    case value_kind::array:
      return std::min<std::uint64_t>(s.count * least_size(s.children.at(0)), std::uint64_t{1} << 40);
    case value_kind::object:
      for (const schema& child : s.children) sum += least_size(child);
      return sum;
  }
  return 0;
}

class json_writer {
 public:
  json_writer(std::string_view in, bool sorted) : in_(in), sorted_(sorted) {}
  void append(const schema& s, std::string& out);
  std::size_t left() const { return in_.size(); }

 private:
  void append_elements(const schema& element, std::uint32_t count, std::string& out);
  void append_object(const schema& s, std::string& out);

  std::string_view in_;
  bool sorted_;
};

void json_writer::append(const schema& s, std::string& out) {
  switch (s.kind) {
    case value_kind::none:
      out += "null";
      return;
    case value_kind::boolean:
      out += take<char>(in_) ? "true" : "false";
      return;
    case value_kind::int8:
      return append_whole<std::int8_t>(in_, out);
    case value_kind::int16:
      return append_whole<std::int16_t>(in_, out);
    case value_kind::int32:
      return append_whole<std::int32_t>(in_, out);
    case value_kind::int64:
      return append_whole<std::int64_t>(in_, out);
    case value_kind::uint8:
      return append_whole<std::uint8_t>(in_, out);
    case value_kind::uint16:
      return append_whole<std::uint16_t>(in_, out);
    case value_kind::uint32:
      return append_whole<std::uint32_t>(in_, out);
    case value_kind::uint64:
      return append_whole<std::uint64_t>(in_, out);
    case value_kind::float32:
      return append_float<float>(in_, out);
    case value_kind::float64:
      return append_float<double>(in_, out);
    case value_kind::text: {
      auto size = take<std::uint32_t>(in_);
      if (in_.size() < size) throw std::runtime_error("the stored value ends early");
      append_json_text(show_text(in_.substr(0, size)), out);
      in_.remove_prefix(size);
      return;
    }
    case value_kind::list: {
      auto count = take<std::uint32_t>(in_);
      return append_elements(s.children.at(0), count, out);
    }
    case value_kind::array:
      return append_elements(s.children.at(0), s.count, out);
    case value_kind::optional:
      if (take<char>(in_))
        append(s.children.at(0), out);
      else
        out += "null";
      return;
    case value_kind::object:
      return append_object(s, out);
  }
}

void json_writer::append_elements(const schema& element, std::uint32_t count, std::string& out) {
  std::uint64_t size = least_size(element);
  if (size > 0 ? in_.size() / size < count : count > most_empty_elements)
    throw std::runtime_error("the stored value has a list of " + std::to_string(count) + " elements in " +
                             std::to_string(in_.size()) + " bytes");
  out += '[';
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    append(element, out);
  }
  out += ']';
}

void json_writer::append_object(const schema& s, std::string& out) {
  std::vector<std::pair<std::string_view, std::string>> fields;
  for (const schema& child : s.children) {
    std::string& text = fields.emplace_back(child.name, std::string()).second;
    append(child, text);
  }
  if (sorted_)
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

void append_json_value(const schema& s, std::string_view blob, bool sorted, std::string& out) {
  json_writer writer(blob, sorted);
  writer.append(s, out);
  if (writer.left() > 0)
    throw std::runtime_error("the stored value has " + std::to_string(writer.left()) + " bytes too many");
}

}  // namespace flowrun::core
