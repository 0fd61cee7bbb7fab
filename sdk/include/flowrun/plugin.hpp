// Everything a stage's author includes. Write a struct with `name`, `describe` and `run`, and end the file with
// FLOWRUN_PLUGIN("plugin", "1.0.0", stage, ...).
#pragma once
#include "abi.hpp"
#include "description.hpp"
#include "types/image.hpp"

namespace flowrun {

template <class T>
concept described_stage = requires(description<T>& d) {
  { T::name } -> std::convertible_to<std::string>;
  T::describe(d);
};

namespace detail {
template <class... T> std::vector<stage_info> all_stages() {
  constexpr bool described = (described_stage<T> && ...);
  static_assert(
      described,
      "flowrun: a stage has `static constexpr auto name` and `static void describe(flowrun::description<T>&)`");
  std::vector<stage_info> all;
  if constexpr (described) (all.push_back(description<T>::made()), ...);
  return all;
}
}  // namespace detail

}  // namespace flowrun

#if defined(__clang__)
#define FLOWRUN_COMPILER "clang " __clang_version__
#else
#define FLOWRUN_COMPILER "gcc " __VERSION__
#endif

// Constant data only: opening the library runs nothing of flowrun's.
#define FLOWRUN_PLUGIN(NAME, VERSION, ...)                                                 \
  extern "C" __attribute__((visibility("default"), used))                                  \
  const flowrun::plugin_stamp flowrun_plugin = {flowrun::stamp_magic,                      \
                                                sizeof(flowrun::plugin_stamp),             \
                                                flowrun::sdk_major,                        \
                                                flowrun::sdk_minor,                        \
                                                flowrun::string_abi,                       \
                                                FLOWRUN_COMPILER,                          \
                                                NAME,                                      \
                                                VERSION,                                   \
                                                &flowrun::detail::all_stages<__VA_ARGS__>, \
                                                flowrun::layout_number};
