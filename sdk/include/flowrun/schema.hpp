// What a payload's fields are, as data: enough to read an encoded value without the library that wrote it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace flowrun {

enum class value_kind : std::uint8_t {
  none,  // the type declares no fields: it can flow, but not be kept
  boolean,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  text,
  list,
  array,
  optional,
  object
};

// `children`: one per field of an object (named), the element of a list, array or optional.
struct schema {
  value_kind kind = value_kind::none;
  std::string name;
  std::string doc;          // unit, range and source of a field, as its author wrote them
  std::uint32_t count = 0;  // elements of an array
  std::vector<schema> children;
};

inline const char* kind_name(value_kind k) {
  constexpr const char* names[] = {"none",  "bool",   "int8",   "int16",    "int32",   "int64",
                                   "uint8", "uint16", "uint32", "uint64",   "float32", "float64",
                                   "text",  "list",   "array",  "optional", "object"};
  return names[static_cast<std::size_t>(k)];
}

// FNV-1a over names and kinds: two builds that disagree about a payload's layout get different numbers.
inline std::uint64_t schema_hash(const schema& s, std::uint64_t h = 0xcbf29ce484222325) {
  auto mix = [&h](unsigned char c) { h = (h ^ c) * 0x100000001b3; };
  for (char c : s.name) mix(static_cast<unsigned char>(c));
  mix(static_cast<unsigned char>(s.kind));
  for (int i = 0; i < 4; ++i) mix(static_cast<unsigned char>(s.count >> (8 * i)));
  for (const schema& child : s.children) h = schema_hash(child, h);
  mix(0xff);
  return h;
}

}  // namespace flowrun
