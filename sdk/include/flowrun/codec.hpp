// The binary form of kept values: little endian, no padding, lengths as uint32; `schema` says how to read it.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "fields.hpp"

namespace flowrun {

static_assert(std::endian::native == std::endian::little, "flowrun: kept values are little endian");

template <class T> struct codec;

template <class T>
concept encodable = requires(const T& value, std::string& out) {
  codec<T>::encode(value, out);
};

namespace detail {

inline void take(std::string_view& in, void* to, std::size_t bytes) {
  if (in.size() < bytes) throw std::runtime_error("a stored value ends early");
  std::memcpy(to, in.data(), bytes);
  in.remove_prefix(bytes);
}
inline void put_length(std::size_t n, std::string& out) {
  if (n > 0xffffffffu) throw std::length_error("a list or text in a kept value has more than 2^32 elements");
  auto length = static_cast<std::uint32_t>(n);
  out.append(reinterpret_cast<const char*>(&length), sizeof length);
}
inline std::uint32_t take_length(std::string_view& in) {
  std::uint32_t n = 0;
  take(in, &n, sizeof n);
  return n;
}
template <class T> constexpr value_kind arithmetic_kind() {
  if constexpr (std::is_same_v<T, bool>)
    return value_kind::boolean;
  else if constexpr (std::is_same_v<T, float>)
    return value_kind::float32;
  else if constexpr (std::is_same_v<T, double>)
    return value_kind::float64;
  else {
    constexpr int width = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return static_cast<value_kind>(static_cast<int>(std::is_signed_v<T> ? value_kind::int8 : value_kind::uint8) +
                                   width);
  }
}
template <class T> inline constexpr bool plain =
    std::is_arithmetic_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, long double>;

}  // namespace detail

template <class T>
requires(std::is_arithmetic_v<T> && !std::is_same_v<T, long double>) struct codec<T> {
  static schema describe() {
    schema s;
    s.kind = detail::arithmetic_kind<T>();
    return s;
  }
  static void encode(const T& v, std::string& out) { out.append(reinterpret_cast<const char*>(&v), sizeof v); }
  static void decode(T& v, std::string_view& in) {
    if constexpr (std::is_same_v<T, bool>) {
      unsigned char byte = 0;
      detail::take(in, &byte, 1);
      v = byte != 0;
    } else {
      detail::take(in, &v, sizeof v);
    }
  }
  static std::size_t heap_bytes(const T&) { return 0; }
};

template <> struct codec<std::string> {
  static schema describe() {
    schema s;
    s.kind = value_kind::text;
    return s;
  }
  static void encode(const std::string& v, std::string& out) {
    detail::put_length(v.size(), out);
    out += v;
  }
  static void decode(std::string& v, std::string_view& in) {
    std::uint32_t n = detail::take_length(in);
    if (in.size() < n) throw std::runtime_error("a stored value ends early");
    v.assign(in.substr(0, n));
    in.remove_prefix(n);
  }
  static std::size_t heap_bytes(const std::string& v) { return v.capacity(); }
};

template <class T>
requires encodable<T>
struct codec<std::vector<T>> {
  static schema describe() {
    schema s;
    s.kind = value_kind::list;
    s.children.push_back(codec<T>::describe());
    return s;
  }
  static void encode(const std::vector<T>& v, std::string& out) {
    detail::put_length(v.size(), out);
    if constexpr (detail::plain<T>)
      out.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(T));
    else
      for (const T& x : v) codec<T>::encode(x, out);
  }
  static void decode(std::vector<T>& v, std::string_view& in) {
    std::uint32_t n = detail::take_length(in);
    v.clear();
    if constexpr (detail::plain<T>) {
      if (in.size() / sizeof(T) < n) throw std::runtime_error("a stored value ends early");
      v.resize(n);
      if (n) detail::take(in, v.data(), n * sizeof(T));
    } else {
      for (std::uint32_t i = 0; i < n; ++i) {
        T x{};
        codec<T>::decode(x, in);
        v.push_back(std::move(x));
      }
    }
  }
  static std::size_t heap_bytes(const std::vector<T>& v) {
    std::size_t n = v.capacity() * sizeof(T);
    if constexpr (!detail::plain<T> && !std::is_same_v<T, bool>)
      for (const T& x : v) n += codec<T>::heap_bytes(x);
    return n;
  }
};

template <class T, std::size_t N>
requires encodable<T>
struct codec<std::array<T, N>> {
  static schema describe() {
    schema s;
    s.kind = value_kind::array;
    s.count = N;
    s.children.push_back(codec<T>::describe());
    return s;
  }
  static void encode(const std::array<T, N>& v, std::string& out) {
    for (const T& x : v) codec<T>::encode(x, out);
  }
  static void decode(std::array<T, N>& v, std::string_view& in) {
    for (T& x : v) codec<T>::decode(x, in);
  }
  static std::size_t heap_bytes(const std::array<T, N>& v) {
    std::size_t n = 0;
    for (const T& x : v) n += codec<T>::heap_bytes(x);
    return n;
  }
};

template <class T>
requires encodable<T>
struct codec<std::optional<T>> {
  static schema describe() {
    schema s;
    s.kind = value_kind::optional;
    s.children.push_back(codec<T>::describe());
    return s;
  }
  static void encode(const std::optional<T>& v, std::string& out) {
    out.push_back(v ? 1 : 0);
    if (v) codec<T>::encode(*v, out);
  }
  static void decode(std::optional<T>& v, std::string_view& in) {
    char there = 0;
    detail::take(in, &there, 1);
    v.reset();
    if (there) codec<T>::decode(v.emplace(), in);
  }
  static std::size_t heap_bytes(const std::optional<T>& v) { return v ? codec<T>::heap_bytes(*v) : 0; }
};

template <has_fields T> struct codec<T> {
  static schema describe() { return fields<T>::of().describe(); }
  static void encode(const T& v, std::string& out) { fields<T>::of().encode(v, out); }
  static void decode(T& v, std::string_view& in) { fields<T>::of().decode(v, in); }
  static std::size_t heap_bytes(const T& v) { return fields<T>::of().heap_bytes(v); }
};

}  // namespace flowrun
