#include "stored_value.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace flowrun::core {
namespace {

// Elements without bytes cannot be checked against the value's length.
constexpr std::uint32_t most_empty_elements = 1u << 16;

// The fewest bytes a value takes.
std::uint64_t least_size(const schema& s) {
  std::uint64_t sum = 0;
  switch (s.kind) {
    case value_kind::text:
    case value_kind::list:
      return 4;
    case value_kind::optional:
      return 1;
    case value_kind::array:
      return std::min<std::uint64_t>(s.count * least_size(s.children.at(0)), std::uint64_t{1} << 40);
    case value_kind::object:
      for (const schema& child : s.children) sum += least_size(child);
      return sum;
    default:
      return scalar_size(s.kind);
  }
}

}  // namespace

std::size_t scalar_size(value_kind kind) {
  switch (kind) {
    case value_kind::boolean:
    case value_kind::int8:
    case value_kind::uint8:
      return 1;
    case value_kind::int16:
    case value_kind::uint16:
      return 2;
    case value_kind::int32:
    case value_kind::uint32:
    case value_kind::float32:
      return 4;
    case value_kind::int64:
    case value_kind::uint64:
    case value_kind::float64:
      return 8;
    default:
      return 0;
  }
}

std::string_view take_bytes(std::string_view& in, std::uint64_t size) {
  if (in.size() < size) throw std::runtime_error("the stored value ends early");
  std::string_view front = in.substr(0, static_cast<std::size_t>(size));
  in.remove_prefix(front.size());
  return front;
}

std::string_view take_text(std::string_view& in) {
  auto size = take<std::uint32_t>(in);
  return take_bytes(in, size);
}

std::uint32_t take_count(const schema& s, std::string_view& in) {
  std::uint32_t count = s.kind == value_kind::list ? take<std::uint32_t>(in) : s.count;
  std::uint64_t size = least_size(s.children.at(0));
  if (size > 0 ? in.size() / size < count : count > most_empty_elements)
    throw std::runtime_error("the stored value has a list of " + std::to_string(count) + " elements in " +
                             std::to_string(in.size()) + " bytes");
  return count;
}

void skip_value(const schema& s, std::string_view& in) {
  switch (s.kind) {
    case value_kind::text:
      take_text(in);
      return;
    case value_kind::optional:
      if (take<char>(in)) skip_value(s.children.at(0), in);
      return;
    case value_kind::list:
    case value_kind::array: {
      std::uint32_t count = take_count(s, in);
      std::uint64_t size = scalar_size(s.children.at(0).kind);
      if (size > 0)
        take_bytes(in, count * size);
      else
        for (std::uint32_t i = 0; i < count; ++i) skip_value(s.children.at(0), in);
      return;
    }
    case value_kind::object:
      for (const schema& child : s.children) skip_value(child, in);
      return;
    default:
      take_bytes(in, scalar_size(s.kind));
  }
}

void require_end(std::string_view in) {
  if (!in.empty()) throw std::runtime_error("the stored value has " + std::to_string(in.size()) + " bytes too many");
}

}  // namespace flowrun::core
