#include "check_points.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace hdbscan {

void check_points(const points& all) {
  if (all.count > std::numeric_limits<std::int32_t>::max())
    throw std::invalid_argument("hdbscan: there are " + std::to_string(all.count) +
                                " points; right: at most 2147483647");
  if (all.count > 0 && all.dims == 0)
    throw std::invalid_argument("hdbscan: the points have 0 dimensions; right: 1 or more");
  for (std::size_t i = 0; i < all.count; ++i)
    for (std::size_t k = 0; k < all.dims; ++k)
      if (const float x = all.row(i)[k]; !std::isfinite(x))
        throw std::invalid_argument("hdbscan: row " + std::to_string(i) + ", column " + std::to_string(k) + " is " +
                                    (std::isnan(x) ? "nan"
                                     : x > 0       ? "inf"
                                                   : "-inf") +
                                    "; right: finite numbers");
}

}  // namespace hdbscan
