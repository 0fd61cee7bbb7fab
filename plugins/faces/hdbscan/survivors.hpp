// Goes through all pairs of points by blocks and gives away those whose estimate does not rule them out.
#pragma once
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "packed_points.hpp"
#include "point_limits.hpp"

namespace hdbscan {

using place_pair = std::pair<std::uint32_t, std::uint32_t>;  // places in the panels, the first is smaller

// Appends the survivors between panel p and panel q >= p.
inline void collect_survivors(const kernel& with, const packed_points& packed, const point_limits& limits,
                              std::size_t p, std::size_t q, std::vector<place_pair>& survivors) {
  alignas(64) float row_limits[panel_width], column_limits[panel_width], dots[block_rows * panel_width];
  std::uint64_t kept[block_rows];
  limits.read_panel(p, row_limits);
  limits.read_panel(q, column_limits);
  for (int first = 0; first < panel_width; first += block_rows) {
    with.estimate_dots(packed.make_block(p, first, packed, q), dots);
    with.compare(dots, {packed.half(p) + first, row_limits + first}, {packed.half(q), column_limits}, kept);
    for (int r = 0; r < block_rows; ++r)
      for (std::uint64_t bits = kept[r]; bits != 0; bits &= bits - 1) {
        const auto i = static_cast<std::uint32_t>(p * panel_width) + first + r;
        const auto j = static_cast<std::uint32_t>(q * panel_width) + __builtin_ctzll(bits);
        if (i < j) survivors.emplace_back(i, j);
      }
  }
}

// Calls use(survivors) from all threads; skip(p, q) leaves out a pair of panels.
template <class Skip, class Use> void for_each_survivor(const kernel& with, const packed_points& packed,
                                                        const point_limits& limits, const Skip& skip, const Use& use) {
  // Of a tile the rows stay in the core's cache while the columns go by.
  constexpr std::size_t tile_rows = 4, tile_columns = 32;
  const std::size_t panels = packed.panels();
  std::vector<std::pair<std::size_t, std::size_t>> tiles;
  for (std::size_t q = 0; q < panels; q += tile_columns)
    for (std::size_t p = 0; p < std::min(panels, q + tile_columns); p += tile_rows) tiles.emplace_back(p, q);
  const auto work_on = [&](std::size_t t) {
    std::vector<place_pair> survivors;
    for (std::size_t q = std::max(tiles[t].first, tiles[t].second);
         q < std::min(panels, tiles[t].second + tile_columns); ++q) {
      for (std::size_t p = tiles[t].first; p < std::min({panels, tiles[t].first + tile_rows, q + 1}); ++p)
        if (!skip(p, q)) collect_survivors(with, packed, limits, p, q, survivors);
      use(survivors);
      survivors.clear();
    }
  };
  tbb::parallel_for(std::size_t{0}, tiles.size(), work_on, tbb::simple_partitioner());
}

}  // namespace hdbscan
