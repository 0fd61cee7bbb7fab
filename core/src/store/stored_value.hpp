// Reading encoded values by their schema alone, from front to back.
#pragma once
#include <cstdint>
#include <cstring>
#include <flowrun/schema.hpp>
#include <string_view>

namespace flowrun::core {

// Bytes of a number or bool; 0: the kind is neither.
std::size_t scalar_size(value_kind kind);

// All of these take from the front of `in`, and throw std::runtime_error with one sentence where the bytes do not fit.
std::string_view take_bytes(std::string_view& in, std::uint64_t size);
std::string_view take_text(std::string_view& in);
// Elements of a list, or of an array: no more than the bytes can hold.
std::uint32_t take_count(const schema& s, std::string_view& in);
void skip_value(const schema& s, std::string_view& in);
void require_end(std::string_view in);

template <class T> T take(std::string_view& in) {
  T value;
  std::memcpy(&value, take_bytes(in, sizeof(T)).data(), sizeof(T));
  return value;
}

}  // namespace flowrun::core
