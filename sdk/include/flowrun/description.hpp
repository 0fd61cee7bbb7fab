// `description<T>`: what a stage says about itself in `static void describe(flowrun::description<T>&)`.
#pragma once
#include <concepts>
#include <utility>

#include "call.hpp"
#include "call_device.hpp"
#include "call_model.hpp"
#include "model_line.hpp"
#include "named_output.hpp"
#include "param.hpp"
#include "sequence.hpp"
#include "signature_checks.hpp"
#include "window.hpp"

namespace flowrun {

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
    span_given_ = true;
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
    if constexpr (detail::check_inputs<F, NI>()) {
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
    if constexpr (detail::check_inputs<F, NI>()) {
      constexpr bool members = std::is_same_v<detail::unwrapped<typename detail::member_function<F>::result>, R>;
      static_assert(members, "flowrun: out{name, &S::member} must name members of what run() returns");
      if constexpr (members) {
        add_inputs<F>(in);
        (s_.outputs.push_back({outs.name, detail::named_type<M>(), false}), ...);
        (s_.output_members.push_back(detail::pack(outs.at)), ...);
        bind(f, stage_shape::transform, &detail::call_members<T, F, R, M...>);
      }
    }
  }
  // A sink: run() returns nothing.
  template <class F, std::size_t NI> void run(F f, const char* const (&in)[NI]) {
    if constexpr (detail::check_inputs<F, NI>()) {
      static_assert(std::is_void_v<typename detail::member_function<F>::result>,
                    "flowrun: run() returns a value, so its output needs a name: d.run(&T::run, {\"in\"}, {\"out\"})");
      add_inputs<F>(in);
      bind(f, stage_shape::sink, &detail::call_run<T, F>);
    }
  }
  // A model stage: `Note prepare(const In&..., std::size_t i, flowrun::row&) const` writes one row of the network's
  // input, `Out finish(const In&..., std::span<const Note>, const flowrun::result_rows&) const` reads its answers;
  // `rows(const In&...)` and `shapes(const In&..., i)`, if there are such, say how many rows and how large they are.
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
        s_.models.back().shapes = detail::gives_shapes<T>(static_cast<typename m::inputs*>(nullptr));
        s_.wants_item = detail::member_function<P>::wants_item || detail::member_function<F>::wants_item;
      }
    }
    return model_line(s_.models.back());
  }
  // A device stage: `Out run(const In&..., flowrun::lane&) const` calls networks itself. Each has a line
  // d.model("net").
  template <class F, std::size_t NI, std::size_t NO>
  void device(F f, const char* const (&in)[NI], const char* const (&out)[NO]) {
    if constexpr (detail::check_device<F, NI>()) {
      using outputs = detail::result<detail::unwrapped<typename detail::member_function<F>::result>>;
      static_assert(outputs::count == NO,
                    "flowrun: run() gives a different number of outputs than the {out} list names");
      if constexpr (outputs::count == NO) {
        add_input_types<typename detail::device_function<F, NI>::inputs>(in);
        add_outputs<typename outputs::types>(out);
        bind(f, stage_shape::device, &detail::call_device<T, F, NI>);
      }
    }
  }
  // A network of a device stage: lane.session("net") calls it.
  model_line model(const char* name) { return model_line(s_.models.emplace_back(model_info{name, "", "", 0})); }
  // Beside a model() with prepare: `void start(const flowrun::model_calls&)` is called once for each object, after
  // open() and before anything is read. It may run rows through the network.
  template <class F> void start(F f) {
    constexpr bool fits = detail::start_fits<F>();
    static_assert(fits, "flowrun: d.start() takes &T::start, a `void start(const flowrun::model_calls&)`");
    if constexpr (fits) {
      s_.start = detail::pack(f);
      s_.call_start = &detail::call_start<T, F>;
    }
  }
  // A source of stills: `bool next(ref&)` finds the next item, cheaply, one at a time; `Out load(const ref&) const`
  // reads it, in parallel. `ref` derives from item_ref.
  template <class N, class L, std::size_t NO> void source(N next, L load, const char* const (&out)[NO]) {
    using n = detail::member_function<N>;
    using l = detail::member_function<L>;
    constexpr bool functions = n::is && l::is;
    static_assert(functions, "flowrun: d.source() takes &YourSource::next and &YourSource::load");
    if constexpr (functions) {
      if constexpr (detail::check_next<n>() && detail::check_load<n, l>()) {
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
  // The same, where some of what next() finds are sequences (`ref.sequence`): `std::unique_ptr<R> read(const ref&)
  // const` opens one, `bool R::next(flowrun::item_ref& frame)` goes to its next frame and fills seq and time_ns, `Out
  // R::load()` gives that frame's value. A reader is used by one thread at a time, several readers at once.
  template <class N, class L, class R, std::size_t NO>
  void source(N next, L load, R read, const char* const (&out)[NO]) {
    source(next, load, out);
    if constexpr (detail::check_read<detail::first_argument<detail::member_function<N>>, R>()) {
      constexpr bool same =
          std::is_same_v<detail::frame_of<R>, detail::unwrapped<typename detail::member_function<L>::result>>;
      static_assert(same, "flowrun: the reader's load() gives the same type as the source's load()");
      bind_reader(read);
    }
  }
  // A source of sequences only.
  template <class N, class R, std::size_t NO> void sequence(N next, R read, const char* const (&out)[NO]) {
    using n = detail::member_function<N>;
    static_assert(n::is, "flowrun: d.sequence() takes &YourSource::next and &YourSource::read");
    if constexpr (n::is) {
      if constexpr (detail::check_next<n>() && detail::check_read<detail::first_argument<n>, R>()) {
        using outputs = detail::result<detail::frame_of<R>>;
        static_assert(outputs::count == NO,
                      "flowrun: load() gives a different number of outputs than the {out} list names");
        add_outputs<typename outputs::types>(out);
        s_.next = detail::pack(next);
        s_.call_next = &detail::call_next<T, N>;
        s_.shape = stage_shape::source;
        bind_reader(read);
      }
    }
  }
  // A window: `Out run(const In& previous, const In& current) const` over the values of one stream that follow each
  // other. The first of a stream answers `skip`.
  template <class F, std::size_t NI, std::size_t NO>
  void window(F f, const char* const (&in)[NI], const char* const (&out)[NO]) {
    if constexpr (detail::check_window<F, NI>()) {
      using outputs = detail::result<detail::unwrapped<typename detail::member_function<F>::result>>;
      static_assert(outputs::count == NO,
                    "flowrun: run() gives a different number of outputs than the {out} list names");
      s_.inputs.push_back({in[0], detail::named_type<detail::first_argument<detail::member_function<F>>>(), false});
      add_outputs<typename outputs::types>(out);
      s_.temporal = true;
      bind(f, stage_shape::window, &detail::call_run<T, F>);
    }
  }
  // A gather: runs once over all kept values, after the last item; with d.scope(scope::stream) once for each stream.
  template <class F, std::size_t NI, std::size_t NO>
  void gather(F f, const char* const (&in)[NI], const char* const (&out)[NO]) {
    using m = detail::member_function<F>;
    if constexpr (detail::check_tables<F, NI>()) {
      static_assert(NO == 1, "flowrun: a gather has one output");
      using value = typename detail::rows_of<typename m::result>::row;
      add_tables<F>(in);
      s_.wants_earlier = !std::is_void_v<typename detail::gather_of<F>::before>;
      s_.outputs.push_back({out[0], detail::named_type<value>(), detail::rows_of<typename m::result>::is});
      s_.function = detail::pack(f);
      s_.shape = stage_shape::gather;
      if (!span_given_) s_.span = flowrun::scope::run;
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
  template <class Types> void add_input_types(const char* const* names) {
    [&]<class... A>(std::tuple<A...>*) {
      (s_.inputs.push_back(
           {*names++, detail::named_type<typename detail::input<A>::type>(), detail::input<A>::optional}),
       ...);
    }(static_cast<Types*>(nullptr));
  }
  template <class F> void add_inputs(const char* const* names) {
    add_input_types<typename detail::member_function<F>::args>(names);
    s_.serial = !detail::member_function<F>::is_const;
  }
  template <class F> void add_tables(const char* const* names) {
    [&]<class... A>(std::tuple<A...>*) {
      (s_.inputs.push_back(
           {*names++, detail::named_type<typename detail::table_of<std::remove_cvref_t<A>>::row>(), false}),
       ...);
    }(static_cast<typename detail::gather_of<F>::tables*>(nullptr));
  }
  template <class Types> void add_outputs(const char* const* names) {
    [&]<class... R>(std::tuple<R...>*) {
      (s_.outputs.push_back({*names++, detail::named_type<R>(), false}), ...);
    }(static_cast<Types*>(nullptr));
  }
  template <class R> void bind_reader(R read) {
    using reader = typename detail::reader_of<typename detail::member_function<R>::result>::type;
    s_.read = detail::pack(read);
    s_.open_sequence = &detail::open_sequence<T, R>;
    s_.next_frame = &detail::next_frame<reader>;
    s_.load_frame = &detail::load_frame<reader>;
  }
  template <class F> void bind(F f, stage_shape shape, status (*call)(const stage_info&, void*, call_frame&)) {
    s_.function = detail::pack(f);
    s_.shape = shape;
    s_.call = call;
    s_.wants_item = detail::member_function<F>::wants_item;
  }

  stage_info& s_;
  bool span_given_ = false;
  T defaults_{};
};

}  // namespace flowrun
