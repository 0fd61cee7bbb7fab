// The code generated round a device stage's run(), and what that has to look like.
#pragma once
#include "call_model.hpp"

namespace flowrun::detail {

// run() of a stage with NI inputs takes them, and then the lane.
template <class F, std::size_t NI> struct device_function {
  using f = member_function<F>;
  static consteval bool fits() {
    if constexpr (f::is && f::arity == NI + 1)
      return std::is_same_v<std::tuple_element_t<NI, typename f::args>, lane&> && f::is_const &&
             !std::is_void_v<typename f::result>;
    else
      return false;
  }
  using inputs = typename first_of<typename f::args, NI>::type;
};

template <class F, std::size_t NI> consteval bool check_device() {
  constexpr bool fits = device_function<F, NI>::fits();
  static_assert(fits,
                "flowrun: a device stage's run() is `Out run(const In&..., flowrun::lane&) const`, with as many inputs "
                "as the {in} list names");
  if constexpr (fits) {
    constexpr bool shared = []<class... A>(std::tuple<A...>*) {
      return (input<A>::shared && ...);
    }(static_cast<typename device_function<F, NI>::inputs*>(nullptr));
    static_assert(shared,
                  "flowrun: run() takes its inputs as const In& (or const In* for an optional one); other stages "
                  "read the same value");
    return shared;
  }
  return false;
}

template <class T, class F, std::size_t NI> status call_device(const stage_info& stage, void* self, call_frame& frame) {
  using inputs = typename device_function<F, NI>::inputs;
  return guarded(*frame.reason, frame.stop_run, [&]() -> status {
    const auto run = unpack<F>(stage.function);
    const auto* object = static_cast<const T*>(self);
    auto value = [&]<std::size_t... I>(std::index_sequence<I...>) {
      if constexpr (member_function<F>::wants_item)
        return (object->*run)(input<std::tuple_element_t<I, inputs>>::get(frame.in[I])..., *frame.on_lane, *frame.item);
      else
        return (object->*run)(input<std::tuple_element_t<I, inputs>>::get(frame.in[I])..., *frame.on_lane);
    }
    (std::make_index_sequence<NI>{});
    return keep_result(std::move(value), *frame.reason,
                       [&frame](auto&& result) { store_outputs(std::move(result), frame.out); });
  });
}

}  // namespace flowrun::detail
