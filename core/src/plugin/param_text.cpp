#include "param_text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../graph/nearest_name.hpp"
#include "../graph/yaml_values.hpp"

namespace flowrun::core {

namespace {

// The limits of C++ types are no ranges worth telling.
bool tells_low(double v) {
  return v > std::numeric_limits<std::int32_t>::min();
}
bool tells_high(double v) {
  return v < std::numeric_limits<std::int32_t>::max();
}

std::string range_text(const param_manifest& p) {
  const bool low = p.low && tells_low(*p.low), high = p.high && tells_high(*p.high);
  if (low && high) return " " + number_text(*p.low) + ".." + number_text(*p.high);
  if (low) return " of at least " + number_text(*p.low);
  if (high) return " of at most " + number_text(*p.high);
  return {};
}

bool in_range(const param_manifest& p, double v) {
  return std::isfinite(v) && (!p.low || v >= *p.low) && (!p.high || v <= *p.high);
}

// Plain where YAML reads it back as the same text, quoted otherwise.
std::string text_value(const std::string& s) {
  const bool plain = is_name(s) && s != "true" && s != "false" && s != "null" && s != "Null" && s != "NULL";
  if (plain) return s;
  std::string quoted = "\"";
  for (char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr const char* digits = "0123456789ABCDEF";
    if (c == '"' || c == '\\')
      quoted += std::string("\\") + c;
    else if (c == '\n')
      quoted += "\\n";
    else if (c == '\t')
      quoted += "\\t";
    else if (byte < 0x20 || byte == 0x7f)
      quoted += std::string("\\x") + digits[byte >> 4] + digits[byte & 15];
    else
      quoted += c;
  }
  return quoted + "\"";
}

struct value_writer {
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(std::int64_t v) const { return std::to_string(v); }
  std::string operator()(double v) const { return number_text(v); }
  std::string operator()(const std::string& v) const { return text_value(v); }
  template <class T> std::string operator()(const std::vector<T>& list) const {
    std::string text = "[";
    for (const T& v : list) text += (text.size() > 1 ? ", " : "") + (*this)(v);
    return text + "]";
  }
};

bool is_allowed(const param_manifest& p, const param_value& v) {
  if (const auto* i = std::get_if<std::int64_t>(&v)) return in_range(p, static_cast<double>(*i));
  if (const auto* d = std::get_if<double>(&v)) return in_range(p, *d);
  if (const auto* s = std::get_if<std::string>(&v))
    return p.choices.empty() || std::find(p.choices.begin(), p.choices.end(), *s) != p.choices.end();
  if (const auto* list = std::get_if<std::vector<double>>(&v))
    return std::all_of(list->begin(), list->end(), [&p](double d) { return in_range(p, d); });
  return true;
}

}  // namespace

std::string describe_value(const param_manifest& p) {
  if (!p.choices.empty()) {
    std::string text;
    for (const std::string& choice : p.choices) text += (text.empty() ? "" : " | ") + choice;
    return text;
  }
  return param_type_name(p.type) + range_text(p) + (p.unit.empty() ? "" : " in " + p.unit);
}

std::string needed_value(const param_manifest& p) {
  if (!p.choices.empty()) return "one of " + list_names(p.choices);
  return (p.type == param_type::integer ? "an " : "a ") + describe_value(p);
}

std::string describe_param(const param_manifest& p) {
  return p.name + " (" + describe_value(p) +
         (p.required ? std::string(", required") : ", default " + write_value(p.default_value)) + ")";
}

std::string write_value(const param_value& v) {
  return std::visit(value_writer{}, v);
}

std::string find_value_fault(const param_manifest& p, const param_value& v) {
  if (is_allowed(p, v)) return {};
  return "is " + write_value(v) + ", but must be " + needed_value(p);
}

}  // namespace flowrun::core
