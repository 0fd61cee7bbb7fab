// What a call of a stage came to.
#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../stage.hpp"

namespace flowrun::testing {

inline const char* status_name(status s) {
  constexpr const char* names[] = {"none", "value", "skip", "error", "cancelled"};
  return names[static_cast<std::size_t>(s)];
}

namespace detail {
// Throws std::invalid_argument unless the output `name` ("" is the first) carries a T.
template <class T> std::size_t find_output(const stage_info& stage, std::string_view name) {
  for (std::size_t i = 0; i < stage.outputs.size(); ++i) {
    if (!name.empty() && name != stage.outputs[i].name) continue;
    if (stage.outputs[i].type->name != port_name<T>())
      throw std::invalid_argument("output '" + stage.outputs[i].name + "' of " + stage.name + " gives " +
                                  stage.outputs[i].type->name + ", not " + port_name<T>());
    return i;
  }
  throw std::invalid_argument(stage.name + " has no output '" + std::string(name) + "'");
}
}  // namespace detail

struct answer {
  status answered = status::none;
  std::string reason;        // of a skip or an error
  bool stops_run = false;    // a run_error: the runtime would stop, resumable
  std::vector<payload> out;  // one per output, if there is a value
  // Of a model stage: what prepare() wrote, one per input of the network. Rows of several shapes lie in the corners of
  // rows as large as all of them, with 0 beside them.
  std::vector<tensor> rows;

  explicit operator bool() const { return answered == status::value; }
  // The first output, or the one of that name. Throws std::runtime_error with the reason if there is no value.
  template <class T> const T& get(std::string_view name = {}) const {
    const std::size_t i = detail::find_output<T>(*stage, name);
    if (!*this) throw std::runtime_error(stage->name + " gave no value but " + status_name(answered) + ": " + reason);
    return *static_cast<const T*>(out[i].value.get());
  }

  const stage_info* stage = nullptr;
};

struct gathered {
  status answered = status::none;
  std::string reason;
  std::vector<payload> rows;  // a single one, or one per row of the first table; empty: a skip

  explicit operator bool() const { return answered == status::value; }
  // The value, or that of a row; null where the gather skipped the row.
  template <class T> const T* get(std::size_t row = 0) const {
    detail::find_output<T>(*stage, {});
    if (!*this) throw std::runtime_error(stage->name + " gave no value but " + status_name(answered) + ": " + reason);
    return static_cast<const T*>(rows.at(row).value.get());
  }

  const stage_info* stage = nullptr;
};

}  // namespace flowrun::testing
