// The code generated round a model stage's rows(), shapes(), prepare() and finish().
#pragma once
#include <span>

#include "call.hpp"

namespace flowrun::detail {

template <class Tuple, std::size_t N> struct first_of;
template <class... A, std::size_t N> struct first_of<std::tuple<A...>, N> {
  template <std::size_t... I>
  static std::tuple<std::tuple_element_t<I, std::tuple<A...>>...> make(std::index_sequence<I...>);
  using type = decltype(make(std::make_index_sequence<N>{}));
};

template <class A> struct span_of { static constexpr bool is = false; };
template <class N> struct span_of<std::span<const N>> {
  static constexpr bool is = true;
  using note = N;
};

// What prepare() and finish() of a stage with NI inputs say about themselves. prepare takes the inputs, the row's
// number and the row; finish the inputs, a span of what prepare gave (unless that is nothing) and the results.
template <class P, class F, std::size_t NI> struct model_functions {
  using p = member_function<P>;
  using f = member_function<F>;

  static consteval bool prepare_fits() {
    if constexpr (p::is && p::arity == NI + 2)
      return std::is_same_v<std::remove_cvref_t<std::tuple_element_t<NI, typename p::args>>, std::size_t> &&
             std::is_same_v<std::tuple_element_t<NI + 1, typename p::args>, row&> && p::is_const;
    else
      return false;
  }
  static constexpr bool has_notes = !std::is_void_v<typename p::result>;
  static consteval bool finish_fits() {
    if constexpr (f::is && f::arity == NI + (has_notes ? 2 : 1))
      return std::is_same_v<std::remove_cvref_t<std::tuple_element_t<f::arity - 1, typename f::args>>, result_rows> &&
             f::is_const && !std::is_void_v<typename f::result>;
    else
      return false;
  }
  static consteval bool notes_fit() {
    if constexpr (has_notes)
      return std::is_same_v<std::remove_cvref_t<std::tuple_element_t<NI, typename f::args>>,
                            std::span<const typename p::result>>;
    else
      return true;
  }
  using inputs = typename first_of<typename p::args, NI>::type;
  static consteval bool inputs_fit() { return std::is_same_v<inputs, typename first_of<typename f::args, NI>::type>; }
};

template <class P, class F, std::size_t NI> consteval bool check_model() {
  using m = model_functions<P, F, NI>;
  constexpr bool functions = member_function<P>::is && member_function<F>::is;
  static_assert(functions, "flowrun: d.model() takes &YourStage::prepare and &YourStage::finish");
  if constexpr (functions) {
    constexpr bool prepares = m::prepare_fits();
    static_assert(prepares,
                  "flowrun: prepare() is `Note prepare(const In&..., std::size_t i, flowrun::row&) const`, with as "
                  "many inputs as the {in} list names");
    constexpr bool finishes = m::finish_fits();
    static_assert(finishes,
                  "flowrun: finish() is `Out finish(const In&..., std::span<const Note>, const "
                  "flowrun::result_rows&) const`; without the span where prepare() gives nothing");
    if constexpr (prepares && finishes) {
      constexpr bool same = m::notes_fit() && m::inputs_fit();
      static_assert(same, "flowrun: finish() takes the inputs of prepare() and a span of what prepare() gives");
      return same;
    }
  }
  return false;
}

template <class F> consteval bool start_fits() {
  using f = member_function<F>;
  if constexpr (f::is && f::arity == 1)
    return std::is_same_v<std::tuple_element_t<0, typename f::args>, const model_calls&> && !f::wants_item &&
           std::is_void_v<typename f::result>;
  else
    return false;
}

template <class T, class F> void call_start(const stage_info& stage, void* self, const model_calls& calls) {
  (static_cast<T*>(self)->*unpack<F>(stage.start))(calls);
}

template <class T, class... In> std::size_t count_rows(const T& stage, const In&... in) {
  if constexpr (requires {
                  { stage.rows(in...) } -> std::convertible_to<std::size_t>;
                }) {
    return static_cast<std::size_t>(stage.rows(in...));
  } else {
    static_assert(
        !requires { &T::rows; },
        "flowrun: rows() is `std::size_t rows(const In&...) const`, with the inputs of prepare()");
    return 1;
  }
}

// Whether T says how large its rows are; A are the inputs as prepare() takes them.
template <class T, class... A> consteval bool gives_shapes(std::tuple<A...>*) {
  return requires {
    { std::declval<const T&>().shapes(input<A>::get(nullptr)..., std::size_t{}) } -> std::convertible_to<row_shapes>;
  };
}
template <class T> consteval bool has_shapes_function() {
  if constexpr (requires { &T::shapes; })
    return std::is_member_function_pointer_v<decltype(&T::shapes)>;
  else
    return false;
}
template <class T, class Inputs, class... In> row_shapes ask_shapes(const T& stage, std::size_t i, const In&... in) {
  if constexpr (gives_shapes<T>(static_cast<Inputs*>(nullptr))) {
    return stage.shapes(in..., i);
  } else {
    static_assert(!has_shapes_function<T>(),
                  "flowrun: shapes() is `flowrun::row_shapes shapes(const In&..., std::size_t i) const`, with the "
                  "inputs of prepare()");
    return {};
  }
}

template <class T, class P, class F, std::size_t NI>
status call_prepare(const stage_info& stage, void* self, prepare_frame& frame) {
  using m = model_functions<P, F, NI>;
  using inputs = typename m::inputs;
  return guarded(*frame.reason, frame.stop_run, [&]() -> status {
    auto prepare = unpack<P>(stage.prepare);
    const auto* object = static_cast<const T*>(self);
    return [&]<std::size_t... I>(std::index_sequence<I...>)->status {
      std::size_t n = count_rows(*object, input<std::tuple_element_t<I, inputs>>::get(frame.in[I])...);
      frame.rows->begin(n);
      auto one = [&](std::size_t i) {
        row r = frame.rows->take(
            i, ask_shapes<T, inputs>(*object, i, input<std::tuple_element_t<I, inputs>>::get(frame.in[I])...));
        if constexpr (m::p::wants_item)
          return (object->*prepare)(input<std::tuple_element_t<I, inputs>>::get(frame.in[I])..., i, r, *frame.item);
        else
          return (object->*prepare)(input<std::tuple_element_t<I, inputs>>::get(frame.in[I])..., i, r);
      };
      if constexpr (m::has_notes) {
        auto notes = std::make_shared<std::vector<typename m::p::result>>();
        notes->reserve(n);
        for (std::size_t i = 0; i < n; ++i) notes->push_back(one(i));
        *frame.notes = std::move(notes);
      } else {
        for (std::size_t i = 0; i < n; ++i) one(i);
      }
      return status::value;
    }
    (std::make_index_sequence<NI>{});
  });
}

template <class T, class P, class F, std::size_t NI>
status call_finish(const stage_info& stage, void* self, finish_frame& frame) {
  using m = model_functions<P, F, NI>;
  using inputs = typename m::inputs;
  return guarded(*frame.reason, frame.stop_run, [&]() -> status {
    auto finish = unpack<F>(stage.function);
    const auto* object = static_cast<const T*>(self);
    auto value = [&]<std::size_t... I>(std::index_sequence<I...>) {
      auto call = [&](auto&&... tail) {
        if constexpr (m::f::wants_item)
          return (object->*finish)(input<std::tuple_element_t<I, inputs>>::get(frame.in[I])..., tail..., *frame.rows,
                                   *frame.item);
        else
          return (object->*finish)(input<std::tuple_element_t<I, inputs>>::get(frame.in[I])..., tail..., *frame.rows);
      };
      if constexpr (m::has_notes) {
        const auto& notes = *static_cast<const std::vector<typename m::p::result>*>(frame.notes);
        return call(std::span<const typename m::p::result>(notes));
      } else {
        return call();
      }
    }
    (std::make_index_sequence<NI>{});
    return keep_result(std::move(value), *frame.reason,
                       [&frame](auto&& result) { store_outputs(std::move(result), frame.out); });
  });
}

}  // namespace flowrun::detail
