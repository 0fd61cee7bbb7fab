// Parameters: one line of describe() binds a member and yields default, range check, help, JSON and docs.
#pragma once
#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include "call.hpp"
#include "stage.hpp"

namespace flowrun {

namespace detail {
template <class M> constexpr bool is_param_type = std::is_arithmetic_v<M> || std::is_same_v<M, std::string> ||
                                                  std::is_same_v<M, std::vector<std::string>> ||
                                                  std::is_same_v<M, std::vector<double>>;
template <class M> constexpr param_type param_type_of() {
  if constexpr (std::is_same_v<M, bool>)
    return param_type::boolean;
  else if constexpr (std::is_integral_v<M>)
    return param_type::integer;
  else if constexpr (std::is_floating_point_v<M>)
    return param_type::number;
  else if constexpr (std::is_same_v<M, std::string>)
    return param_type::text;
  else if constexpr (std::is_same_v<M, std::vector<std::string>>)
    return param_type::texts;
  else
    return param_type::numbers;
}
template <class M> param_value to_value(const M& v) {
  if constexpr (std::is_same_v<M, bool>)
    return v;
  else if constexpr (std::is_integral_v<M>)
    return static_cast<std::int64_t>(v);
  else if constexpr (std::is_floating_point_v<M>)
    return static_cast<double>(v);
  else
    return v;
}
template <class T, class M> void set_param(const member& at, void* self, const param_value& value) {
  M& target = static_cast<T*>(self)->*unpack<M T::*>(at);
  constexpr auto index = static_cast<std::size_t>(param_type_of<M>());
  target = static_cast<M>(std::get<index>(value));
}
}  // namespace detail

template <class M> class param_line {
 public:
  explicit param_line(param_info& p) : p_(p) {}
  // Inclusive. It never reaches beyond what the member's own type holds.
  param_line& range(double low, double high) {
    static_assert(std::is_arithmetic_v<M> && !std::is_same_v<M, bool>,
                  "flowrun: .range() is for a parameter that is a number");
    p_.low = p_.low ? std::max(low, *p_.low) : low;
    p_.high = p_.high ? std::min(high, *p_.high) : high;
    return *this;
  }
  param_line& one_of(std::vector<std::string> choices) {
    static_assert(std::is_same_v<M, std::string>, "flowrun: .one_of() is for a parameter that is a text");
    p_.choices = std::move(choices);
    return *this;
  }
  param_line& unit(const char* u) {
    p_.unit = u;
    return *this;
  }
  // Of a source: says which items there are. Changing it leaves the results of items that are still listed valid.
  param_line& listing() {
    p_.listing = true;
    return *this;
  }
  // The same, and it decides which item follows which in a sequence: what looks at neighbours (windows, serial stages,
  // `every`) is computed anew.
  param_line& spacing() {
    p_.listing = p_.spacing = true;
    return *this;
  }
  // Of the path of a file or folder: what is in it decides the answers. When it changes, they are computed anew; when
  // it only moves, they are not.
  param_line& content() {
    static_assert(std::is_same_v<M, std::string>, "flowrun: .content() is for a parameter that is a text, a path");
    p_.content = true;
    return *this;
  }
  param_line& required() {
    p_.required = true;
    return *this;
  }

 private:
  param_info& p_;
};

}  // namespace flowrun
