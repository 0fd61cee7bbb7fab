// What a member function's type says about itself.
#pragma once
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>

#include "item_info.hpp"
#include "table.hpp"

namespace flowrun::detail {

// The arguments of a stage function without a trailing `const item_info&`.
template <class Seen, class... A> struct port_args;
template <class... S> struct port_args<std::tuple<S...>> {
  using type = std::tuple<S...>;
  static constexpr bool wants_item = false;
};
template <class... S> struct port_args<std::tuple<S...>, const item_info&> {
  using type = std::tuple<S...>;
  static constexpr bool wants_item = true;
};
template <class... S, class First, class... Rest> struct port_args<std::tuple<S...>, First, Rest...>
    : port_args<std::tuple<S..., First>, Rest...> {};

template <class F> struct member_function { static constexpr bool is = false; };
#define FLOWRUN_MEMBER_FUNCTION(QUALIFIER, CONST)                                            \
  template <class R, class T, class... A> struct member_function<R (T::*)(A...) QUALIFIER> { \
    static constexpr bool is = true;                                                         \
    using result = R;                                                                        \
    using owner = T;                                                                         \
    using args = typename port_args<std::tuple<>, A...>::type;                               \
    static constexpr bool wants_item = port_args<std::tuple<>, A...>::wants_item;            \
    static constexpr std::size_t arity = std::tuple_size_v<args>;                            \
    static constexpr bool is_const = CONST;                                                  \
  };
FLOWRUN_MEMBER_FUNCTION(, false)
FLOWRUN_MEMBER_FUNCTION(const, true)
FLOWRUN_MEMBER_FUNCTION(noexcept, false)
FLOWRUN_MEMBER_FUNCTION(const noexcept, true)
#undef FLOWRUN_MEMBER_FUNCTION

// An argument of run(): `const In&` or `In` is a required input, `const In*` an optional one.
template <class A> struct input {
  using type = std::remove_cvref_t<A>;
  static constexpr bool optional = false;
  static constexpr bool shared =
      !std::is_reference_v<A> || (std::is_lvalue_reference_v<A> && std::is_const_v<std::remove_reference_t<A>>);
  static const type& get(const void* p) { return *static_cast<const type*>(p); }
};
template <class T> struct input<const T*> {
  using type = T;
  static constexpr bool optional = true;
  static constexpr bool shared = true;
  static const T* get(const void* p) { return static_cast<const T*>(p); }
};
template <class T> struct input<T*> : input<const T*> { static constexpr bool shared = false; };

// The outputs a result stands for: nothing, one value, a tuple of values; std::optional round it may skip.
template <class R> struct result {
  static constexpr std::size_t count = 1;
  using types = std::tuple<R>;
};
template <> struct result<void> {
  static constexpr std::size_t count = 0;
  using types = std::tuple<>;
};
template <class... R> struct result<std::tuple<R...>> {
  static constexpr std::size_t count = sizeof...(R);
  using types = std::tuple<R...>;
};
template <class R> struct unwrap_optional {
  using type = R;
  static constexpr bool is = false;
};
template <class R> struct unwrap_optional<std::optional<R>> {
  using type = R;
  static constexpr bool is = true;
};
template <class R> using unwrapped = typename unwrap_optional<R>::type;

template <class T> struct table_of { static constexpr bool is = false; };
template <class T> struct table_of<table<T>> {
  static constexpr bool is = true;
  using row = T;
};
// The arguments of a gather: its tables, and behind them, if it asks for that, a `const earlier<Out>&`.
template <class Seen, class... A> struct gather_args;
template <class... S> struct gather_args<std::tuple<S...>> {
  using tables = std::tuple<S...>;
  using before = void;
};
template <class... S, class Out> struct gather_args<std::tuple<S...>, const earlier<Out>&> {
  using tables = std::tuple<S...>;
  using before = Out;
};
template <class... S, class First, class... Rest> struct gather_args<std::tuple<S...>, First, Rest...>
    : gather_args<std::tuple<S..., First>, Rest...> {};
template <class Args> struct gather_function;
template <class... A> struct gather_function<std::tuple<A...>> : gather_args<std::tuple<>, A...> {};
template <class F> using gather_of = gather_function<typename member_function<F>::args>;
template <class T> struct rows_of {
  static constexpr bool is = false;
  using row = T;
};
template <class T> struct rows_of<rows<T>> {
  static constexpr bool is = true;
  using row = T;
};
template <class T> struct is_tuple : std::false_type {};
template <class... T> struct is_tuple<std::tuple<T...>> : std::true_type {};

}  // namespace flowrun::detail
