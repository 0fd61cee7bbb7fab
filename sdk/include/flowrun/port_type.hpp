// What may flow through a port: a C++ type with a declared name. Names are compared, never typeid.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "codec.hpp"
#include "schema.hpp"

namespace flowrun {

// Takes bytes, piece by piece.
class byte_sink {
 public:
  byte_sink(void* to, void (*take)(void* to, const void* bytes, std::size_t size)) : to_(to), take_(take) {}
  void operator()(const void* bytes, std::size_t size) const { take_(to_, bytes, size); }

 private:
  void* to_;
  void (*take_)(void* to, const void* bytes, std::size_t size);
};

// Specialise for a type you do not own, or give your own type `static constexpr auto port = "mine.type/1"`.
template <class T> struct port_type;

template <> struct port_type<bool> { static constexpr auto name = "bool"; };
template <> struct port_type<int> { static constexpr auto name = "int32"; };
template <> struct port_type<std::int64_t> { static constexpr auto name = "int64"; };
template <> struct port_type<float> { static constexpr auto name = "float32"; };
template <> struct port_type<double> { static constexpr auto name = "float64"; };
template <> struct port_type<std::string> { static constexpr auto name = "text"; };

namespace detail {
template <class T>
concept named_inside = requires {
  { T::port } -> std::convertible_to<std::string_view>;
};
template <class T>
concept named_outside = requires {
  { port_type<T>::name } -> std::convertible_to<std::string_view>;
};
template <class T> struct vector_of { static constexpr bool is = false; };
template <class T> struct vector_of<std::vector<T>> {
  static constexpr bool is = true;
  using element = T;
};
template <class T> constexpr bool has_port_name() {
  if constexpr (vector_of<T>::is)
    return has_port_name<typename vector_of<T>::element>();
  else
    return named_inside<T> || named_outside<T>;
}
template <class T>
concept counts_bytes = requires(const T& v) {
  { bytes(v) } -> std::convertible_to<std::size_t>;
};
template <class T> constexpr bool has_bytes() {
  if constexpr (counts_bytes<T> || encodable<T>)
    return true;
  else if constexpr (vector_of<T>::is)
    return has_bytes<typename vector_of<T>::element>();
  else
    return false;
}
// `void content(const T&, const flowrun::byte_sink&)` gives the bytes that make a value what it is.
template <class T>
concept gives_content = requires(const T& v, const byte_sink& sink) {
  content(v, sink);
};
template <class T> std::size_t payload_bytes(const T& v) {
  if constexpr (counts_bytes<T>)
    return bytes(v);
  else if constexpr (encodable<T>)
    return sizeof(T) + codec<T>::heap_bytes(v);
  else if constexpr (vector_of<T>::is) {
    std::size_t n = sizeof(T);
    for (const auto& x : v) n += payload_bytes(x);
    return n;
  } else {
    return sizeof(T);  // refused where its port is described
  }
}
}  // namespace detail

template <class T> std::string port_name() {
  if constexpr (detail::vector_of<T>::is)
    return port_name<typename detail::vector_of<T>::element>() + "[]";
  else if constexpr (detail::named_inside<T>)
    return T::port;
  else
    return port_type<T>::name;
}

// A port type's identity: two libraries agree about a type when name, size and hash of the fields are equal.
struct type_info {
  std::string name;
  std::uint64_t size = 0;         // sizeof, bytes
  std::uint64_t fields_hash = 0;  // 0: no fields
  schema fields;
  void (*encode)(const void* value, std::string& out) = nullptr;           // null without fields
  std::shared_ptr<const void> (*decode)(std::string_view blob) = nullptr;  // throws on a blob that is not of this type
  // All that makes the value what it is; null: unknown, then a stage that reads it cannot be cached.
  void (*content)(const void* value, const byte_sink& sink) = nullptr;
};

template <class T> const type_info& type_of() {
  static const type_info info = [] {
    type_info t;
    t.name = port_name<T>();
    t.size = sizeof(T);
    if constexpr (encodable<T> && std::is_default_constructible_v<T>) {
      t.fields = codec<T>::describe();
      t.fields_hash = schema_hash(t.fields);
      t.encode = [](const void* v, std::string& out) { codec<T>::encode(*static_cast<const T*>(v), out); };
      t.decode = [](std::string_view blob) -> std::shared_ptr<const void> {
        auto v = std::make_shared<T>();
        codec<T>::decode(*v, blob);
        if (!blob.empty()) throw std::runtime_error("a stored value is longer than its type");
        return v;
      };
      t.content = [](const void* v, const byte_sink& sink) {
        std::string blob;
        codec<T>::encode(*static_cast<const T*>(v), blob);
        sink(blob.data(), blob.size());
      };
    }
    if constexpr (detail::gives_content<T>)
      t.content = [](const void* v, const byte_sink& sink) { content(*static_cast<const T*>(v), sink); };
    return t;
  }();
  return info;
}

}  // namespace flowrun
