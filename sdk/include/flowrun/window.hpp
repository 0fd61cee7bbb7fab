// What a window's run() has to look like: two values of one type, the previous one of the stream and the current one.
#pragma once
#include "member_function.hpp"

namespace flowrun::detail {

template <class F, std::size_t NI> consteval bool check_window() {
  using m = member_function<F>;
  static_assert(m::is, "flowrun: d.window() takes &YourStage::run");
  if constexpr (m::is) {
    static_assert(NI == 1, "flowrun: a window has one input; run() gets its previous and its current value");
    constexpr bool pair = [] {
      if constexpr (m::arity == 2) {
        using previous = std::tuple_element_t<0, typename m::args>;
        using current = std::tuple_element_t<1, typename m::args>;
        return std::is_same_v<std::remove_cvref_t<previous>, std::remove_cvref_t<current>> && input<previous>::shared &&
               input<current>::shared && !input<previous>::optional;
      }
      return false;
    }();
    static_assert(pair, "flowrun: a window's run() is `Out run(const In& previous, const In& current) const`");
    static_assert(m::is_const,
                  "flowrun: a window's run() is const: pairs run in parallel, the runtime keeps the previous");
    static_assert(!std::is_void_v<typename m::result>, "flowrun: a window gives a value; a sink has d.run()");
    return NI == 1 && pair && m::is_const && !std::is_void_v<typename m::result>;
  }
  return false;
}

}  // namespace flowrun::detail
