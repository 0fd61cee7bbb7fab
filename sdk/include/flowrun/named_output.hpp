// The types of ports as a description writes them down, and outputs that are members of one struct.
#pragma once
#include "port_type.hpp"

namespace flowrun {

// An output that is a member of the struct run() returns: d.run(&T::run, {"in"}, out{"boxes", &found::boxes}).
template <class R, class M> struct out {
  const char* name;
  M R::*at;
};
template <class R, class M> out(const char*, M R::*) -> out<R, M>;

namespace detail {

template <class V> const type_info* named_type() {
  static_assert(has_port_name<V>(),
                "flowrun: a type that passes a port needs a name: `static constexpr auto port = \"mine.type/1\"`");
  static_assert(
      has_bytes<V>(),
      "flowrun: a type that passes a port needs fields() or `std::size_t bytes(const T&)`: memory is counted");
  if constexpr (has_port_name<V>() && has_bytes<V>())
    return &type_of<V>();
  else
    return nullptr;
}

}  // namespace detail

}  // namespace flowrun
