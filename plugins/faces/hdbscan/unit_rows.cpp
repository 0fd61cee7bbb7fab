#include "unit_rows.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace hdbscan {

void make_unit_rows(float* rows, std::size_t count, std::size_t dims) {
  for (std::size_t i = 0; i < count; ++i) {
    float* const row = rows + i * dims;
    double square = 0;
    for (std::size_t k = 0; k < dims; ++k) square += static_cast<double>(row[k]) * row[k];
    if (!std::isfinite(square))
      throw std::invalid_argument("hdbscan: row " + std::to_string(i) +
                                  " holds nan or inf and has no direction; right: finite numbers");
    if (square == 0)
      throw std::invalid_argument("hdbscan: row " + std::to_string(i) +
                                  " is all zeros and has no direction; right: leave it out, or do not ask for cosine");
    const double length = std::sqrt(square);
    for (std::size_t k = 0; k < dims; ++k) row[k] = static_cast<float>(row[k] / length);
  }
}

}  // namespace hdbscan
