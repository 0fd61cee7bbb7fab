// What a host pushes into a live run: a key and a value of any type that may pass a port.
#pragma once
#include <flowrun/call.hpp>
#include <string>
#include <utility>

namespace flowrun {

struct live_item {
  std::string key;                  // any bytes; its result bears it. Stages that write files name them after it
  payload value;                    // shared: an item that was not accepted may be pushed again
  const type_info* type = nullptr;  // of the value
  std::int64_t time_ns = 0;         // position in time, for stages that ask

  // Takes the value; copies of the item share it.
  template <class T> live_item(std::string item_key, T item_value) : key(std::move(item_key)) {
    static_assert(detail::has_port_name<T>() && detail::has_bytes<T>(),
                  "flowrun: what is pushed needs a port name, and fields() or `std::size_t bytes(const T&)`");
    type = &type_of<T>();
    value = detail::share(std::move(item_value));
  }
};

}  // namespace flowrun
