#include "number_values.hpp"

#include <cmath>
#include <cstring>
#include <limits>

namespace flowrun::core {

namespace {

double half_value(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double value = 0;
  if (exponent == 31)
    value = fraction ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity();
  else if (exponent == 0)
    value = std::ldexp(fraction, -24);
  else
    value = std::ldexp(fraction + 1024, exponent - 25);
  return bits >> 15 ? -value : value;
}

// The upper half of a float.
double bfloat_value(std::uint16_t bits) {
  const std::uint32_t whole = static_cast<std::uint32_t>(bits) << 16;
  float value = 0;
  std::memcpy(&value, &whole, sizeof value);
  return static_cast<double>(value);
}

template <class V> std::vector<double> converted(const tensor& t) {
  const auto from = t.values<const V>();
  return {from.begin(), from.end()};
}

}  // namespace

std::vector<double> number_values(const tensor& t) {
  if (t.type == dtype::float32) return converted<float>(t);
  if (t.type == dtype::int32) return converted<std::int32_t>(t);
  if (t.type == dtype::int64) return converted<std::int64_t>(t);
  if (t.type == dtype::uint8 || t.type == dtype::boolean) return converted<std::uint8_t>(t);
  std::vector<double> values;
  for (const std::uint16_t bits : t.values<const std::uint16_t>())
    values.push_back(t.type == dtype::float16 ? half_value(bits) : bfloat_value(bits));
  return values;
}

}  // namespace flowrun::core
