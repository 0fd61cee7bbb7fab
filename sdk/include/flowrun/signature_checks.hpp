// What the functions a stage names in its description have to look like. Each fault is one sentence.
#pragma once
#include <type_traits>

#include "member_function.hpp"
#include "packet.hpp"

namespace flowrun::detail {

template <class Function> using first_argument = std::remove_cvref_t<std::tuple_element_t<0, typename Function::args>>;
template <class F, std::size_t NI> consteval bool check_inputs() {
  using m = member_function<F>;
  static_assert(m::is, "flowrun: d.run() takes &YourStage::run");
  if constexpr (m::is) {
    static_assert(m::arity == NI, "flowrun: run() takes a different number of inputs than the {in} list names");
    constexpr bool shared = []<class... A>(std::tuple<A...>*) {
      return (input<A>::shared && ...);
    }(static_cast<typename m::args*>(nullptr));
    static_assert(shared,
                  "flowrun: run() takes its inputs as const In& (or const In* for an optional one); other stages "
                  "read the same value");
    return m::arity == NI && shared;
  } else {
    return false;
  }
}
template <class F, std::size_t NI> consteval bool check_tables() {
  using m = member_function<F>;
  static_assert(m::is, "flowrun: d.gather() takes &YourStage::run");
  if constexpr (m::is) {
    using g = gather_of<F>;
    constexpr std::size_t arity = std::tuple_size_v<typename g::tables>;
    static_assert(arity == NI, "flowrun: run() takes a different number of inputs than the {in} list names");
    constexpr bool tables = []<class... A>(std::tuple<A...>*) {
      return (table_of<std::remove_cvref_t<A>>::is && ...);
    }(static_cast<typename g::tables*>(nullptr));
    static_assert(tables,
                  "flowrun: a gather stage takes const flowrun::table<In>&, and last, if it likes, const "
                  "flowrun::earlier<Out>&");
    static_assert(!std::is_void_v<typename m::result>, "flowrun: a gather gives one value, or flowrun::rows<Out>");
    constexpr bool before = std::is_void_v<typename g::before> || std::is_void_v<typename m::result> ||
                            std::is_same_v<typename g::before, typename rows_of<typename m::result>::row>;
    static_assert(before, "flowrun: const flowrun::earlier<Out>& is of the type that the gather gives");
    return arity == NI && tables && !std::is_void_v<typename m::result> && before;
  } else {
    return false;
  }
}
template <class Next> consteval bool check_next() {
  constexpr bool fills = [] {
    if constexpr (Next::arity == 1) {
      using ref = std::tuple_element_t<0, typename Next::args>;
      return std::is_same_v<typename Next::result, bool> && std::is_lvalue_reference_v<ref> &&
             !std::is_const_v<std::remove_reference_t<ref>>;
    }
    return false;
  }();
  static_assert(fills, "flowrun: a source's next() is `bool next(ref&)`: true gives one more item");
  if constexpr (fills) {
    constexpr bool derived = std::is_base_of_v<item_ref, first_argument<Next>>;
    static_assert(derived, "flowrun: what next() fills derives from flowrun::item_ref");
    return derived;
  }
  return false;
}
template <class Next, class Load> consteval bool check_load() {
  constexpr bool parallel = Load::is_const && Load::arity == 1;
  static_assert(parallel, "flowrun: a source's load() is `Out load(const ref&) const`: it runs in parallel");
  if constexpr (parallel) {
    constexpr bool same = std::is_same_v<first_argument<Load>, first_argument<Next>> &&
                          input<std::tuple_element_t<0, typename Load::args>>::shared;
    static_assert(same, "flowrun: a source's load() takes what next() fills, as const ref&");
    return same;
  }
  return false;
}

}  // namespace flowrun::detail
