// Vectors of length 1.
#pragma once
#include <cmath>
#include <span>
#include <stdexcept>

namespace model_stages {

// To length 1; a vector of zeros stays one. Throws std::runtime_error where its length is no number.
inline void normalize(std::span<float> vector) {
  double squares = 0;
  for (float v : vector) squares += static_cast<double>(v) * v;
  const double length = std::sqrt(squares);
  if (!std::isfinite(length))
    throw std::runtime_error("the network gave a vector with values that are no finite numbers");
  if (length == 0) return;
  for (float& v : vector) v = static_cast<float>(v / length);
}

}  // namespace model_stages
