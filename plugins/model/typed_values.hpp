// Values whose type is known only when the model is.
#pragma once
#include <bit>
#include <flowrun/tensor.hpp>

namespace model_stages {

// Calls f<V>() with the C++ type in which values of `type` are read.
template <class F> auto with_type(flowrun::dtype type, F&& f) {
  switch (type) {
    case flowrun::dtype::uint8:
    case flowrun::dtype::boolean:
      return f.template operator()<std::uint8_t>();
    case flowrun::dtype::int32:
      return f.template operator()<std::int32_t>();
    case flowrun::dtype::int64:
      return f.template operator()<std::int64_t>();
    case flowrun::dtype::float16:
    case flowrun::dtype::bfloat16:
      return f.template operator()<std::uint16_t>();
    case flowrun::dtype::float32:
      break;
  }
  return f.template operator()<float>();
}

// IEEE 754 binary16.
inline float half_to_float(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16, exponent = (bits >> 10) & 0x1f, fraction = bits & 0x3ff;
  if (exponent == 0) {  // fraction * 2^-24
    const float small = static_cast<float>(fraction) / 16777216.0f;
    return sign ? -small : small;
  }
  const std::uint32_t wide = exponent == 31 ? 0xff : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

template <class V> float to_float(flowrun::dtype type, V value) {
  if (type == flowrun::dtype::float16) return half_to_float(static_cast<std::uint16_t>(value));
  if (type == flowrun::dtype::bfloat16) return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
  return static_cast<float>(value);
}

}  // namespace model_stages
