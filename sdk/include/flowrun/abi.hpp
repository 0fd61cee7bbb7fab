// The stamp every plugin exports as plain data, so that a host can refuse a foreign library before calling into it.
#pragma once
#include <cstdint>
#include <vector>

namespace flowrun {

struct stage_info;

inline constexpr std::uint64_t stamp_magic = 0x316e7572776f6c66;  // "flowrun1", little endian
inline constexpr std::uint32_t sdk_major = 0;
inline constexpr std::uint32_t sdk_minor = 1;

#if defined(_GLIBCXX_USE_CXX11_ABI) && !_GLIBCXX_USE_CXX11_ABI
inline constexpr std::uint32_t string_abi = 0;
#else
inline constexpr std::uint32_t string_abi = 1;
#endif

// Fields are only ever appended, and `struct_size` says how many a library has: everything before `stages` is read
// without trusting the library's code.
struct plugin_stamp {
  std::uint64_t magic;
  std::uint32_t struct_size;
  std::uint32_t sdk_major;
  std::uint32_t sdk_minor;
  std::uint32_t string_abi;
  const char* compiler;
  const char* name;
  const char* version;
  std::vector<stage_info> (*stages)();
  std::uint64_t layout;  // layout_number of stage.hpp: of the structs that pass between library and host
};

}  // namespace flowrun
