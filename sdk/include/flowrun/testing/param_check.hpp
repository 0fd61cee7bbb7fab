// The checks a graph file's parameters pass, for values that come from C++.
#pragma once
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../stage.hpp"

namespace flowrun::testing::detail {

inline const char* param_type_name(param_type t) {
  constexpr const char* names[] = {"bool", "int", "number", "text", "list of texts", "list of numbers"};
  return names[static_cast<std::size_t>(t)];
}
inline std::string number_text(double v) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, v).ptr};
}
inline std::string needed_value(const param_info& p) {
  std::string text;
  if (!p.choices.empty()) {
    for (const std::string& choice : p.choices) text += (text.empty() ? "one of " : ", ") + choice;
    return text;
  }
  text = std::string(p.type == param_type::integer ? "an " : "a ") + param_type_name(p.type);
  if (p.low && p.high)
    text += " " + number_text(*p.low) + ".." + number_text(*p.high);
  else if (p.low)
    text += " of at least " + number_text(*p.low);
  else if (p.high)
    text += " of at most " + number_text(*p.high);
  return text + (p.unit.empty() ? "" : " in " + p.unit);
}

template <class V> param_value param_of(const param_info& p, V&& v) {
  using T = std::remove_cvref_t<V>;
  if constexpr (std::is_same_v<T, bool>)
    return v;
  else if constexpr (std::is_integral_v<T>) {
    if (p.type == param_type::number) return static_cast<double>(v);  // `5` is a number too
    return static_cast<std::int64_t>(v);
  } else if constexpr (std::is_floating_point_v<T>)
    return static_cast<double>(v);
  else if constexpr (std::is_convertible_v<V, std::string_view>)
    return std::string(std::string_view(v));
  else
    return v;
}

struct show_value {
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(std::int64_t v) const { return std::to_string(v); }
  std::string operator()(double v) const { return number_text(v); }
  std::string operator()(const std::string& v) const {
    const bool plain = !v.empty() && std::all_of(v.begin(), v.end(), [](unsigned char c) {
      return std::isalnum(c) || c == '_' || c == '-';
    });
    return plain ? v : "\"" + v + "\"";
  }
  template <class T> std::string operator()(const std::vector<T>& list) const {
    std::string text = "[";
    for (const T& v : list) text += (text.size() > 1 ? ", " : "") + (*this)(v);
    return text + "]";
  }
};

inline bool is_allowed(const param_info& p, const param_value& v) {
  auto in_range = [&p](double d) { return std::isfinite(d) && (!p.low || d >= *p.low) && (!p.high || d <= *p.high); };
  if (v.index() != static_cast<std::size_t>(p.type)) return false;
  if (const auto* i = std::get_if<std::int64_t>(&v)) return in_range(static_cast<double>(*i));
  if (const auto* d = std::get_if<double>(&v)) return in_range(*d);
  if (const auto* list = std::get_if<std::vector<double>>(&v)) return std::all_of(list->begin(), list->end(), in_range);
  const auto* text = std::get_if<std::string>(&v);
  return !text || p.choices.empty() || std::find(p.choices.begin(), p.choices.end(), *text) != p.choices.end();
}

// Throws std::invalid_argument with what is wrong and what would be right.
inline void check_param(const stage_info& stage, const param_info& p, const param_value& v) {
  if (!is_allowed(p, v))
    throw std::invalid_argument("'" + p.name + "' of " + stage.name + " is " + std::visit(show_value{}, v) +
                                ", but must be " + needed_value(p));
}

inline std::size_t find_param(const stage_info& stage, std::string_view name) {
  std::string names;
  for (std::size_t i = 0; i < stage.params.size(); ++i) {
    if (stage.params[i].name == name) return i;
    names += (names.empty() ? "; it has: " : ", ") + stage.params[i].name;
  }
  throw std::invalid_argument("'" + std::string(name) + "' is not a parameter of " + stage.name +
                              (names.empty() ? "; it has none" : names));
}

}  // namespace flowrun::testing::detail
