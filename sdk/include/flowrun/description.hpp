// `description<T>`: what a stage says about itself in `static void describe(flowrun::description<T>&)`.
#pragma once
#include <concepts>
#include <string>
#include <utility>

#include "call.hpp"
#include "call_model.hpp"
#include "model_line.hpp"
#include "param.hpp"

namespace flowrun {

// An output that is a member of the struct run() returns: d.run(&T::run, {"in"}, out{"boxes", &found::boxes}).
template <class R, class M> struct out {
  const char* name;
  M R::*at;
};
template <class R, class M> out(const char*, M R::*) -> out<R, M>;

template <class T> class description {
 public:
  explicit description(stage_info& stage) : s_(stage) {}

  description& doc(const char* text) {
    s_.doc = text;
    return *this;
  }
  // Limits concurrent calls of a const run(); 1 makes the stage one at a time, in any order.
  description& parallel(int calls) {
    s_.parallel = calls;
    return *this;
  }
  description& scope(flowrun::scope span) {
    s_.span = span;
    return *this;
  }
  // The stage needs time: on a set of stills it answers `skip: not a sequence`.
  description& temporal() {
    s_.temporal = true;
    return *this;
  }

  template <class C, class M>
  requires std::derived_from<T, C> param_line<M> param(const char* name, M C::*at, const char* doc) {
    static_assert(detail::is_param_type<M>,
                  "flowrun: a parameter is a bool, a number, a std::string, or a std::vector of std::string or double");
    param_info p;
    p.name = name;
    p.doc = doc;
    if constexpr (detail::is_param_type<M>) {
      M T::*mine = at;
      p.type = detail::param_type_of<M>();
      p.default_value = detail::to_value(defaults_.*mine);
      p.at = detail::pack(mine);
      p.set = &detail::set_param<T, M>;
      if constexpr (std::is_integral_v<M> && !std::is_same_v<M, bool> && sizeof(M) < 8) {
        p.low = static_cast<double>(std::numeric_limits<M>::min());
        p.high = static_cast<double>(std::numeric_limits<M>::max());
      } else if constexpr (std::is_unsigned_v<M> && !std::is_same_v<M, bool>) {
        p.low = 0;
        p.high = 9007199254740992.0;  // what a double still counts exactly
      }
    }
    s_.params.push_back(std::move(p));
    return param_line<M>(s_.params.back());
  }

  // A transform: one name per argument of run(), one per value it returns.
  template <class F, std::size_t NI, std::size_t NO>
  void run(F f, const char* const (&in)[NI], const char* const (&out)[NO]) {
    if constexpr (check_inputs<F, NI>()) {
      using outputs = detail::result<detail::unwrapped<typename detail::member_function<F>::result>>;
      static_assert(outputs::count == NO,
                    "flowrun: run() gives a different number of outputs than the {out} list names");
      if constexpr (outputs::count == NO) {
        add_inputs<F>(in);
        add_outputs<typename outputs::types>(out);
        bind(f, stage_shape::transform, &detail::call_run<T, F>);
      }
    }
  }
  // A transform whose outputs are members of one struct.
  template <class F, std::size_t NI, class R, class... M>
  void run(F f, const char* const (&in)[NI], flowrun::out<R, M>... outs) {
    if constexpr (check_inputs<F, NI>()) {
      constexpr bool members = std::is_same_v<detail::unwrapped<typename detail::member_function<F>::result>, R>;
      static_assert(members, "flowrun: out{name, &S::member} must name members of what run() returns");
      if constexpr (members) {
        add_inputs<F>(in);
        (s_.outputs.push_back({outs.name, named_type<M>(), false}), ...);
        (s_.output_members.push_back(detail::pack(outs.at)), ...);
        bind(f, stage_shape::transform, &detail::call_members<T, F, R, M...>);
      }
    }
  }
  // A sink: run() returns nothing.
  template <class F, std::size_t NI> void run(F f, const char* const (&in)[NI]) {
    if constexpr (check_inputs<F, NI>()) {
      static_assert(std::is_void_v<typename detail::member_function<F>::result>,
                    "flowrun: run() returns a value, so its output needs a name: d.run(&T::run, {\"in\"}, {\"out\"})");
      add_inputs<F>(in);
      bind(f, stage_shape::sink, &detail::call_run<T, F>);
    }
  }
  // A model stage: `Note prepare(const In&..., std::size_t i, flowrun::row&) const` writes one row of the network's
  // input, `Out finish(const In&..., std::span<const Note>, const flowrun::result_rows&) const` reads its answers;
  // `std::size_t rows(const In&...) const`, if there is one, says how many rows a packet has.
  template <class P, class F, std::size_t NI, std::size_t NO>
  model_line model(const char* name, P prepare, F finish, const char* const (&in)[NI], const char* const (&out)[NO]) {
    s_.models.push_back({name, "", "", 0});
    if constexpr (detail::check_model<P, F, NI>()) {
      using m = detail::model_functions<P, F, NI>;
      using outputs = detail::result<detail::unwrapped<typename m::f::result>>;
      static_assert(outputs::count == NO,
                    "flowrun: finish() gives a different number of outputs than the {out} list names");
      if constexpr (outputs::count == NO) {
        add_input_types<typename m::inputs>(in);
        add_outputs<typename outputs::types>(out);
        s_.prepare = detail::pack(prepare);
        s_.function = detail::pack(finish);
        s_.shape = stage_shape::model;
        s_.call_prepare = &detail::call_prepare<T, P, F, NI>;
        s_.call_finish = &detail::call_finish<T, P, F, NI>;
      }
    }
    return model_line(s_.models.back());
  }
  // A source of stills: `bool next(ref&)` finds the next item, cheaply and one at a time; `Out load(const ref&) const`
  // reads it, in parallel. `ref` derives from flowrun::item_ref.
  template <class N, class L, std::size_t NO> void source(N next, L load, const char* const (&out)[NO]) {
    using n = detail::member_function<N>;
    using l = detail::member_function<L>;
    constexpr bool functions = n::is && l::is;
    static_assert(functions, "flowrun: d.source() takes &YourSource::next and &YourSource::load");
    if constexpr (functions) {
      if constexpr (check_next<n>() && check_load<n, l>()) {
        using outputs = detail::result<detail::unwrapped<typename l::result>>;
        static_assert(outputs::count == NO,
                      "flowrun: load() gives a different number of outputs than the {out} list names");
        add_outputs<typename outputs::types>(out);
        s_.next = detail::pack(next);
        s_.call_next = &detail::call_next<T, N>;
        bind(load, stage_shape::source, &detail::call_load<T, L>);
      }
    }
  }
  // A gather: runs once over all kept values, after the last item.
  template <class F, std::size_t NI, std::size_t NO>
  void gather(F f, const char* const (&in)[NI], const char* const (&out)[NO]) {
    using m = detail::member_function<F>;
    if constexpr (check_tables<F, NI>()) {
      static_assert(NO == 1, "flowrun: a gather has one output");
      using value = typename detail::rows_of<typename m::result>::row;
      add_tables<F>(in);
      s_.outputs.push_back({out[0], named_type<value>(), detail::rows_of<typename m::result>::is});
      s_.function = detail::pack(f);
      s_.shape = stage_shape::gather;
      s_.call_gather = &detail::call_gather<T, F>;
    }
  }

  static stage_info made() {
    stage_info s;
    s.name = T::name;
    if constexpr (requires {
                    { T::version } -> std::convertible_to<int>;
                  })
      s.version = T::version;
    s.create = []() -> void* { return new T(); };
    s.destroy = [](void* self) { delete static_cast<T*>(self); };
    if constexpr (requires(T & t, const stage_context& c) { t.open(c); })
      s.open = [](void* self, const stage_context& c) { static_cast<T*>(self)->open(c); };
    if constexpr (requires(T & t) { t.close(); }) s.close = [](void* self) { static_cast<T*>(self)->close(); };
    if constexpr (requires(const T& t) {
                    { t.total() } -> std::convertible_to<std::uint64_t>;
                  })
      s.total = [](void* self) -> std::uint64_t { return static_cast<const T*>(self)->total(); };
    description d(s);
    T::describe(d);
    return s;
  }

 private:
  template <class F, std::size_t NI> static consteval bool check_inputs() {
    using m = detail::member_function<F>;
    static_assert(m::is, "flowrun: d.run() takes &YourStage::run");
    if constexpr (m::is) {
      static_assert(m::arity == NI, "flowrun: run() takes a different number of inputs than the {in} list names");
      constexpr bool shared = []<class... A>(std::tuple<A...>*) {
        return (detail::input<A>::shared && ...);
      }(static_cast<typename m::args*>(nullptr));
      static_assert(shared,
                    "flowrun: run() takes its inputs as const In& (or const In* for an optional one); other stages "
                    "read the same value");
      return m::arity == NI && shared;
    } else {
      return false;
    }
  }
  template <class F, std::size_t NI> static consteval bool check_tables() {
    using m = detail::member_function<F>;
    static_assert(m::is, "flowrun: d.gather() takes &YourStage::run");
    if constexpr (m::is) {
      static_assert(m::arity == NI, "flowrun: run() takes a different number of inputs than the {in} list names");
      constexpr bool tables = []<class... A>(std::tuple<A...>*) {
        return (detail::table_of<std::remove_cvref_t<A>>::is && ...);
      }(static_cast<typename m::args*>(nullptr));
      static_assert(tables, "flowrun: a gather stage takes const flowrun::table<In>&");
      static_assert(!std::is_void_v<typename m::result>, "flowrun: a gather gives one value, or flowrun::rows<Out>");
      return m::arity == NI && tables && !std::is_void_v<typename m::result>;
    } else {
      return false;
    }
  }
  template <class Next> static consteval bool check_next() {
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
  template <class Next, class Load> static consteval bool check_load() {
    constexpr bool parallel = Load::is_const && Load::arity == 1;
    static_assert(parallel, "flowrun: a source's load() is `Out load(const ref&) const`: it runs in parallel");
    if constexpr (parallel) {
      constexpr bool same = std::is_same_v<first_argument<Load>, first_argument<Next>> &&
                            detail::input<std::tuple_element_t<0, typename Load::args>>::shared;
      static_assert(same, "flowrun: a source's load() takes what next() fills, as const ref&");
      return same;
    }
    return false;
  }
  template <class Function> using first_argument =
      std::remove_cvref_t<std::tuple_element_t<0, typename Function::args>>;
  template <class V> static const type_info* named_type() {
    static_assert(detail::has_port_name<V>(),
                  "flowrun: a type that passes a port needs a name: `static constexpr auto port = \"mine.type/1\"`");
    static_assert(
        detail::has_bytes<V>(),
        "flowrun: a type that passes a port needs fields() or `std::size_t bytes(const T&)`: memory is counted");
    if constexpr (detail::has_port_name<V>() && detail::has_bytes<V>())
      return &type_of<V>();
    else
      return nullptr;
  }
  template <class Types> void add_input_types(const char* const* names) {
    [&]<class... A>(std::tuple<A...>*) {
      (s_.inputs.push_back({*names++, named_type<typename detail::input<A>::type>(), detail::input<A>::optional}), ...);
    }(static_cast<Types*>(nullptr));
  }
  template <class F> void add_inputs(const char* const* names) {
    add_input_types<typename detail::member_function<F>::args>(names);
    s_.serial = !detail::member_function<F>::is_const;
  }
  template <class F> void add_tables(const char* const* names) {
    [&]<class... A>(std::tuple<A...>*) {
      (s_.inputs.push_back({*names++, named_type<typename detail::table_of<std::remove_cvref_t<A>>::row>(), false}),
       ...);
    }(static_cast<typename detail::member_function<F>::args*>(nullptr));
  }
  template <class Types> void add_outputs(const char* const* names) {
    [&]<class... R>(std::tuple<R...>*) {
      (s_.outputs.push_back({*names++, named_type<R>(), false}), ...);
    }(static_cast<Types*>(nullptr));
  }
  template <class F> void bind(F f, stage_shape shape, status (*call)(const stage_info&, void*, call_frame&)) {
    s_.function = detail::pack(f);
    s_.shape = shape;
    s_.call = call;
  }

  stage_info& s_;
  T defaults_{};
};

}  // namespace flowrun
