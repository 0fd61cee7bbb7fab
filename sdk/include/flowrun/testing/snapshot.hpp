// A value of any port type as it was at one moment.
#pragma once
#include <algorithm>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "../member_function.hpp"
#include "../port_type.hpp"
#include "../tensor.hpp"
#include "../types/image.hpp"

namespace flowrun::testing::detail {

struct snapshot {
  const type_info* type = nullptr;  // null: there was no value
  std::shared_ptr<const void> value;
  std::optional<std::string> content;  // without it, values are compared by operator==
};

template <class F> using result_types = std::type_identity<typename flowrun::detail::result<
    flowrun::detail::unwrapped<typename flowrun::detail::member_function<F>::result>>::types>;
// What T::run or T::finish gives, as a tuple of types; an empty one where the function has another name.
template <class T> auto run_result() {
  if constexpr (requires { &T::run; })
    return result_types<decltype(&T::run)>{};
  else if constexpr (requires { &T::finish; })
    return result_types<decltype(&T::finish)>{};
  else
    return std::type_identity<std::tuple<>>{};
}

template <class V> constexpr bool comparable() {
  if constexpr (flowrun::detail::vector_of<V>::is)
    return comparable<typename flowrun::detail::vector_of<V>::element>();
  else
    return std::equality_comparable<V>;
}
// Calls f for the V among Types whose port type is `type`.
template <class Types, class F> void with_type(const type_info& type, F&& f) {
  [&]<class... V>(std::tuple<V...>*) {
    [[maybe_unused]] auto one = [&]<class W>(W*) {
      if constexpr (flowrun::detail::has_port_name<W>())
        if (&type_of<W>() == &type) f(static_cast<W*>(nullptr));
    };
    (one(static_cast<V*>(nullptr)), ...);
  }(static_cast<Types*>(nullptr));
}

inline void append_pixels(const image& i, std::string& out) {
  const int size[] = {i.width, i.height, i.channels};
  out.append(reinterpret_cast<const char*>(size), sizeof size);
  for (int y = 0; !i.empty() && y < i.height; ++y)
    out.append(reinterpret_cast<const char*>(i.row(y)), static_cast<std::size_t>(i.width * i.channels));
}
inline void append_values(const tensor& t, std::string& out) {
  out.append(reinterpret_cast<const char*>(t.shape.data()), t.shape.size() * sizeof(std::int64_t));
  if (t.data) out.append(static_cast<const char*>(t.data.get()), bytes(t));
}
inline bool has_snapshot(const type_info& type) {
  return type.encode || &type == &type_of<image>() || &type == &type_of<std::vector<image>>() ||
         &type == &type_of<tensor>();
}
template <class Types> bool has_equality(const type_info& type) {
  bool has = false;
  with_type<Types>(type, [&has]<class V>(V*) { has = comparable<V>(); });
  return has;
}

template <class Types> snapshot take_snapshot(const type_info& type, std::shared_ptr<const void> value) {
  snapshot s{&type, std::move(value), {}};
  if (!has_snapshot(type)) return s;
  std::string& content = s.content.emplace();
  if (type.encode)
    type.encode(s.value.get(), content);
  else if (&type == &type_of<image>())
    append_pixels(*static_cast<const image*>(s.value.get()), content);
  else if (&type == &type_of<tensor>())
    append_values(*static_cast<const tensor*>(s.value.get()), content);
  else
    for (const image& i : *static_cast<const std::vector<image>*>(s.value.get())) append_pixels(i, content);
  return s;
}
template <class Types> snapshot retake(const snapshot& s) {
  return take_snapshot<Types>(*s.type, s.value);
}

// "" if equal; else where they differ, to be put behind a sentence.
template <class Types> std::string compare(const snapshot& now, const snapshot& then) {
  if (now.content && then.content) {
    if (*now.content == *then.content) return {};
    const auto at = std::mismatch(now.content->begin(), now.content->end(), then.content->begin(), then.content->end());
    if (at.first == now.content->end() || at.second == then.content->end())
      return ": " + std::to_string(now.content->size()) + " bytes, not " + std::to_string(then.content->size());
    auto number = [](char c) { return std::to_string(static_cast<int>(static_cast<unsigned char>(c))); };
    return ": byte " + std::to_string(at.first - now.content->begin()) + " of " + std::to_string(now.content->size()) +
           " is " + number(*at.first) + ", not " + number(*at.second);
  }
  if (!now.type) return {};
  bool equal = true;
  with_type<Types>(*now.type, [&]<class V>(V*) {
    if constexpr (comparable<V>())
      equal = *static_cast<const V*>(now.value.get()) == *static_cast<const V*>(then.value.get());
  });
  return equal ? "" : " by its operator==";
}

}  // namespace flowrun::testing::detail
