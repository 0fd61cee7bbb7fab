#include "yaml_values.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace flowrun::core {

namespace {

bool is_plain(const yaml_node& n) {
  return n.is == yaml_node::kind::scalar && !n.quoted && !n.text.empty();
}

template <class T> std::optional<T> parse(std::string_view s) {
  if (s.size() > 1 && s[0] == '+' && s[1] != '-') s.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return value;
}

struct byte_unit {
  const char* name;
  double bytes;
};

constexpr byte_unit byte_units[] = {
    {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}, {"TiB", 1099511627776.0},
    {"kB", 1e3},     {"MB", 1e6},        {"GB", 1e9},           {"TB", 1e12},
    {"B", 1.0}};

}  // namespace

std::optional<bool> to_boolean(const yaml_node& n) {
  if (is_plain(n) && n.text == "true") return true;
  if (is_plain(n) && n.text == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> to_integer(const yaml_node& n) {
  return is_plain(n) ? parse<std::int64_t>(n.text) : std::nullopt;
}

std::optional<double> to_number(const yaml_node& n) {
  const auto value = is_plain(n) ? parse<double>(n.text) : std::nullopt;
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::uint64_t> to_bytes(const yaml_node& n) {
  if (n.is != yaml_node::kind::scalar) return std::nullopt;
  std::string_view digits = n.text;
  double unit = 1;
  for (const byte_unit& u : byte_units) {
    const std::string_view name = u.name;
    if (digits.size() <= name.size() || digits.substr(digits.size() - name.size()) != name) continue;
    digits.remove_suffix(name.size());
    unit = u.bytes;
    break;
  }
  while (!digits.empty() && digits.back() == ' ') digits.remove_suffix(1);
  const auto value = parse<double>(digits);
  if (!value || !(*value >= 0) || *value * unit >= 9e18) return std::nullopt;
  return static_cast<std::uint64_t>(*value * unit);
}

std::optional<double> to_share(const yaml_node& n) {
  if (n.is != yaml_node::kind::scalar || n.text.empty()) return std::nullopt;
  yaml_node digits = n;
  digits.quoted = false;
  const bool percent = n.text.back() == '%';
  if (percent) digits.text.pop_back();
  const auto value = to_number(digits);
  if (!value) return std::nullopt;
  return percent ? *value / 100 : *value;
}

std::string show(const yaml_node& n) {
  switch (n.is) {
    case yaml_node::kind::null:
      return "empty";
    case yaml_node::kind::list:
      return "a list";
    case yaml_node::kind::map:
      return "a map";
    case yaml_node::kind::scalar:
      break;
  }
  return n.quoted ? "the text \"" + n.text + "\"" : "'" + n.text + "'";
}

std::string number_text(double v) {
  char buffer[64];
  const bool whole = std::nearbyint(v) == v && std::fabs(v) < 1e15;
  const auto end = whole ? std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(v))
                         : std::to_chars(buffer, buffer + sizeof buffer, v);
  return std::string(buffer, end.ptr);
}

bool expect_map(const yaml_node& n, const std::string& what, problem_sink& out) {
  if (n.is == yaml_node::kind::map) return true;
  if (n.faulty) return false;
  if (n.is == yaml_node::kind::null)
    out.error("missing_value", n.at, what + " has no value");
  else
    out.error("wrong_type", n.at, what + " must be a map, but is " + show(n));
  return false;
}

bool expect_text(const yaml_node& n, const std::string& what, problem_sink& out) {
  if (n.faulty) return false;
  if (n.is == yaml_node::kind::scalar && !n.text.empty()) return true;
  if (n.is == yaml_node::kind::null || n.is == yaml_node::kind::scalar)
    out.error("missing_value", n.at, what + " has no value");
  else
    out.error("wrong_type", n.at, what + " must be a text, but is " + show(n));
  return false;
}

bool is_name(const std::string& s) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (s.empty() || !letter(s[0])) return false;
  for (char c : s)
    if (!letter(c) && !(c >= '0' && c <= '9') && c != '-') return false;
  return true;
}

}  // namespace flowrun::core
