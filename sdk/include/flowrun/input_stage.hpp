// `make_input<T>("image")`: a source without a medium; the items are those a host pushes into a live run.
#pragma once
#include <string>

#include "in_process_stage.hpp"

namespace flowrun {

// An item on its way from push() to the graph.
struct pushed_item : item_ref {
  mutable payload value;  // gone once it is loaded: the item alone says how long it lives then
};

namespace detail {
struct input_object {};  // it holds nothing: the items wait in the live run
inline status call_input(const stage_info&, void*, call_frame& frame) {
  frame.out[0] = std::move(static_cast<const pushed_item*>(static_cast<const item_ref*>(frame.in[0]))->value);
  return status::value;
}
}  // namespace detail

// A source `host.NAME` with one output, which has the same name. Any type that may pass a port will do.
template <class T> in_process_stage make_input(const std::string& name) {
  static_assert(detail::has_port_name<T>(),
                "flowrun: a type that passes a port needs a name: `static constexpr auto port = \"mine.type/1\"`");
  static_assert(
      detail::has_bytes<T>(),
      "flowrun: a type that passes a port needs fields() or `std::size_t bytes(const T&)`: memory is counted");
  in_process_stage s;
  s.is_input = true;
  s.info.name = name;
  s.info.doc = "Items that the program pushes.";
  s.info.shape = stage_shape::source;
  if constexpr (detail::has_port_name<T>() && detail::has_bytes<T>())
    s.info.outputs.push_back({name, &type_of<T>(), false});
  s.info.create = []() -> void* { return new detail::input_object(); };
  s.info.destroy = [](void* self) { delete static_cast<detail::input_object*>(self); };
  s.info.call = &detail::call_input;
  s.info.call_next = [](const stage_info&, void*) -> std::shared_ptr<item_ref> {
    throw std::logic_error("this input is fed by push(); run the graph as a flowrun::live_run");
  };
  return s;
}

}  // namespace flowrun
