#include "near_pairs.hpp"

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>

#include "drop_needless.hpp"
#include "survivors.hpp"

namespace hdbscan {
namespace {

struct thread_share {
  pair_list pairs;
  std::size_t most = 0;  // pairs, before the needless ones are dropped
  std::size_t distances = 0;
};

std::size_t pairs_a_thread(const search_effort& effort, std::size_t points) {
  if (effort.kept_pairs > 0) return effort.kept_pairs;
  const double wanted = 1.5 * effort.near_pairs_a_point * static_cast<double>(points);
  const int threads = tbb::this_task_arena::max_concurrency();
  return std::max<std::size_t>(1 << 16, static_cast<std::size_t>(wanted) / static_cast<std::size_t>(threads));
}

}  // namespace

std::vector<pair_list> find_near_pairs(const points& all, const kernel& with, const packed_points& packed, double near,
                                       const search_effort& effort, nearest_neighbours& neighbours,
                                       search_figures& figures) {
  point_limits limits(packed.panels());
  const auto set_limit = [&](point_id i, double bound) { limits.raise(i, packed.limit(std::max(bound, near))); };
  for (std::size_t i = 0; i < all.count; ++i)
    set_limit(static_cast<point_id>(i), neighbours.bound(static_cast<point_id>(i)));
  thread_share start;
  start.most = pairs_a_thread(effort, all.count);
  tbb::enumerable_thread_specific<thread_share> shares(start);
  for_each_survivor(
      with, packed, limits, [](std::size_t, std::size_t) { return false; },
      [&](const std::vector<place_pair>& survivors) {
        thread_share& own = shares.local();
        own.distances += survivors.size();
        for (const auto& [i, j] : survivors) {
          const double square = with.squared_distance(all.row(i), all.row(j), all.dims);
          const point_id a = i, b = j;
          neighbours.offer(a, {square, b}, [&](double bound) { set_limit(a, bound); });
          neighbours.offer(b, {square, a}, [&](double bound) { set_limit(b, bound); });
          if (square <= near) own.pairs.push_back({square, a, b});
        }
        if (own.pairs.size() <= own.most) return;
        drop_needless(own.pairs, all.count, neighbours);
        own.most = std::max(own.most, 2 * own.pairs.size());
      });
  std::vector<pair_list> lists;
  for (thread_share& share : shares) {
    lists.push_back(std::move(share.pairs));
    figures.distances += share.distances;
  }
  return lists;
}

}  // namespace hdbscan
