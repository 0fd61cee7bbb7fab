// A lambda, a function, or any other object with one operator(), as a stage of the program itself:
//
//   flowrun::make_stage("invert", [](const flowrun::image& in) { return in.map(...); }, {"image"}, {"image"})
//
// What it takes and gives is that of a plugin's run() (description.hpp), and so is what the compiler says about it.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "description.hpp"
#include "in_process_stage.hpp"

namespace flowrun {

namespace detail {

template <class F>
concept one_call = requires {
  &F::operator();
};

// The callable under the name run(), for a description.
template <class F, class Call> struct callable_object;
template <class F, class R, class... A> struct callable_object<F, R (F::*)(A...) const> {
  using held = const F;
  held* f = nullptr;
  R run(A... a) const { return (*f)(std::forward<A>(a)...); }
};
template <class F, class R, class... A> struct callable_object<F, R (F::*)(A...)> {
  using held = F;
  held* f = nullptr;
  R run(A... a) { return (*f)(std::forward<A>(a)...); }
};
template <class F, class R, class... A> struct callable_object<F, R (F::*)(A...) const noexcept>
    : callable_object<F, R (F::*)(A...) const> {};
template <class F, class R, class... A> struct callable_object<F, R (F::*)(A...) noexcept>
    : callable_object<F, R (F::*)(A...)> {};
template <class F> using callable = callable_object<F, decltype(&F::operator())>;

// A const callable is one object for all calls. Of a mutable one, `self` is the copy of this stream.
template <class F> status call_callable(const stage_info& stage, void* self, call_frame& frame) {
  return guarded(*frame.reason, frame.stop_run, [&]() -> status {
    const F* made = unpack<const F*>(stage.function);
    callable<F> object;
    if constexpr (std::is_const_v<typename callable<F>::held>) {
      object.f = made;
    } else {
      auto& own = *static_cast<std::optional<F>*>(self);
      if (!own) own.emplace(*made);
      object.f = &*own;
    }
    return call_stage<callable<F>>(&callable<F>::run, &object, frame,
                                   [&frame](auto&& value) { store_outputs(std::move(value), frame.out); });
  });
}

template <class F> constexpr bool check_callable() {
  static_assert(one_call<F>,
                "flowrun: make_stage() takes an object with one operator(), such as a lambda without `auto` among its "
                "arguments: the types of its ports must be known");
  if constexpr (one_call<F>) {
    constexpr bool copied = std::is_const_v<typename callable<F>::held> || std::is_copy_constructible_v<F>;
    static_assert(copied, "flowrun: a mutable lambda is copied for each stream, so what it captures must be copyable");
    return copied;
  }
  return false;
}

template <class... A> constexpr bool all_shared(std::tuple<A...>*) {
  return (input<A>::shared && ...);
}
template <class F> using callable_args = typename member_function<decltype(&callable<F>::run)>::args;

// A plain function.
template <class R, class... A> struct function_object {
  R (*f)(A...);
  R operator()(A... a) const { return f(std::forward<A>(a)...); }
};
template <class R, class... A> function_object(R (*)(A...)) -> function_object<R, A...>;

template <class F, class... Names>
in_process_stage callable_stage(const std::string& name, F f, const Names&... names) {
  in_process_stage s;
  if constexpr (std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>) {
    s = callable_stage(name, function_object{f}, names...);
  } else if constexpr (check_callable<F>()) {
    description<callable<F>>(s.info).run(&callable<F>::run, names...);  // tells every fault
    if constexpr (all_shared(static_cast<callable_args<F>*>(nullptr))) s.info.call = &call_callable<F>;
    auto made = std::make_shared<const F>(std::move(f));
    s.info.name = name;
    s.info.function = pack(made.get());
    s.code = std::move(made);
    s.info.create = []() -> void* { return new std::optional<F>(); };
    s.info.destroy = [](void* self) { delete static_cast<std::optional<F>*>(self); };
  }
  return s;
}

}  // namespace detail

// A transform `host.NAME`: one name per argument, one per value it returns. A const operator() (a plain function, any
// lambda that is not `mutable`) runs in several threads at once, up to 8, on the one object: what it captures is
// shared. A mutable lambda is a serial stage: each stream of each run gets a copy of it as it was given here, called
// for one item at a time in the order in which the items were pushed.
template <class F, std::size_t NI, std::size_t NO>
in_process_stage make_stage(const std::string& name, F f, const char* const (&in)[NI], const char* const (&out)[NO]) {
  return detail::callable_stage(name, std::move(f), in, out);
}
// A sink: it returns nothing.
template <class F, std::size_t NI>
in_process_stage make_stage(const std::string& name, F f, const char* const (&in)[NI]) {
  return detail::callable_stage(name, std::move(f), in);
}
// A stage written as for a plugin, with its name and params: make_stage<threshold>().
template <class T> in_process_stage make_stage() {
  return {description<T>::made(), nullptr, false};
}

}  // namespace flowrun
