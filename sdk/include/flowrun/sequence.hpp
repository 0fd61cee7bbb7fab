// The code generated round a source's sequences: a reader for each medium, frame by frame.
#pragma once
#include <concepts>
#include <memory>

#include "call.hpp"

namespace flowrun::detail {

// `std::unique_ptr<R> read(const ref&) const`, where R has `bool next(flowrun::item_ref& frame)` and `Out load()`.
template <class Read> struct reader_of { static constexpr bool is = false; };
template <class R> struct reader_of<std::unique_ptr<R>> {
  static constexpr bool is = requires(R & r, item_ref& frame) {
    { r.next(frame) } -> std::same_as<bool>;
    r.load();
  };
  using type = R;
};
template <class Read> using frame_of =
    unwrapped<decltype(std::declval<typename reader_of<typename member_function<Read>::result>::type&>().load())>;

template <class Ref, class Read> consteval bool check_read() {
  using m = member_function<Read>;
  static_assert(m::is, "flowrun: the reader of sequences is &YourSource::read");
  if constexpr (m::is) {
    constexpr bool reader = m::is_const && m::arity == 1 && reader_of<typename m::result>::is;
    static_assert(reader,
                  "flowrun: a source's read() is `std::unique_ptr<R> read(const ref&) const`, where R has `bool "
                  "next(flowrun::item_ref&)` and `Out load()`");
    if constexpr (reader) {
      constexpr bool same = std::is_same_v<std::remove_cvref_t<std::tuple_element_t<0, typename m::args>>, Ref>;
      static_assert(same, "flowrun: a source's read() takes what next() fills, as const ref&");
      return same;
    }
  }
  return false;
}

template <class T, class Read>
std::shared_ptr<void> open_sequence(const stage_info& stage, const void* self, const item_ref& medium) {
  using ref = std::remove_cvref_t<std::tuple_element_t<0, typename member_function<Read>::args>>;
  return (static_cast<const T*>(self)->*unpack<Read>(stage.read))(static_cast<const ref&>(medium));
}
template <class R> bool next_frame(void* reader, item_ref& frame) {
  return static_cast<R*>(reader)->next(frame);
}
template <class R> status load_frame(void* reader, call_frame& frame) {
  return guarded(*frame.reason, frame.stop_run, [&]() -> status {
    auto value = static_cast<R*>(reader)->load();
    return keep_result(std::move(value), *frame.reason,
                       [&frame](auto&& result) { store_outputs(std::move(result), frame.out); });
  });
}

}  // namespace flowrun::detail
