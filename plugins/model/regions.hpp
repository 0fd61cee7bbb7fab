// The rows of a picture: one for each region, or one for all of it.
#pragma once
#include <cmath>
#include <flowrun/rows.hpp>
#include <flowrun/types/boxes.hpp>
#include <string>

namespace model_stages {

// `regions` is null where none are wired.
inline std::size_t count_regions(const flowrun::boxes* regions) {
  return regions ? regions->list.size() : 1;
}

// Row i. A box that reaches beyond the picture repeats its border; one without a size, or not finite,
// throws std::runtime_error.
inline void put_region(const flowrun::image& picture, const flowrun::boxes* regions, std::size_t i, flowrun::row& row) {
  if (!regions) {
    row.put(picture);
    return;
  }
  const flowrun::box& b = regions->list[i];
  const std::string which = "region " + std::to_string(i);
  for (float v : {b.x, b.y, b.w, b.h})
    if (!std::isfinite(v)) throw std::runtime_error(which + " is no box: its sides are not finite");
  if (b.w <= 0 || b.h <= 0) throw std::runtime_error(which + " has no size");
  row.put(picture, {b.x, b.y, b.w, b.h});
}

}  // namespace model_stages
