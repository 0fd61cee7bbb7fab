#include "first_bounds.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <numeric>

namespace hdbscan {
namespace {

// The `wanted` places with the greatest values, by insertion: few of many get in.
class greatest {
 public:
  explicit greatest(std::size_t wanted) : wanted_(wanted) { found_.reserve(wanted + 1); }
  void clear() { found_.clear(); }
  void offer(float value, std::size_t place) {
    if (found_.size() == wanted_ && !(value > found_.back().first)) return;
    const auto at = std::find_if(found_.begin(), found_.end(), [&](const auto& f) { return value > f.first; });
    found_.insert(at, {value, place});
    if (found_.size() > wanted_) found_.pop_back();
  }
  const std::vector<std::pair<float, std::size_t>>& found() const { return found_; }

 private:
  std::size_t wanted_;
  std::vector<std::pair<float, std::size_t>> found_;
};

// The exact distance to the k-th of the sample points found, the point itself left out.
double kth_square(const points& all, const kernel& with, point_id i, const std::vector<point_id>& sample,
                  const greatest& nearest, std::size_t k) {
  std::vector<double> squares;
  for (const auto& [value, place] : nearest.found())
    if (sample[place] != i) squares.push_back(with.squared_distance(all.row(i), all.row(sample[place]), all.dims));
  const auto kth = squares.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(squares.begin(), kth, squares.end());
  return *kth;
}

}  // namespace

void find_first_bounds(const points& all, const frame& view, const kernel& with, const packed_points& packed,
                       const search_effort& effort, nearest_neighbours& neighbours) {
  const std::size_t k = neighbours.k(), size = std::min(all.count, effort.sampled_points);
  if (size < k + 1) return;
  std::vector<point_id> sample(size);
  for (std::size_t s = 0; s < size; ++s) sample[s] = static_cast<point_id>(s * all.count / size);
  const packed_points columns(all, view, with.packed_as, sample);
  tbb::parallel_for(std::size_t{0}, packed.panels(), [&](std::size_t p) {
    alignas(64) float dots[block_rows * panel_width];
    std::vector<greatest> nearest(block_rows, greatest(k + 1));
    for (int first = 0; first < panel_width; first += block_rows) {
      for (greatest& n : nearest) n.clear();
      for (std::size_t q = 0; q < columns.panels(); ++q) {
        with.estimate_dots(packed.make_block(p, first, columns, q), dots);
        for (int r = 0; r < block_rows; ++r)
          for (std::size_t c = 0; c < std::min<std::size_t>(panel_width, size - q * panel_width); ++c)
            nearest[r].offer(dots[r * panel_width + c] - columns.plain_half(q)[c], q * panel_width + c);
      }
      for (int r = 0; r < block_rows; ++r)
        if (const std::size_t i = p * panel_width + first + r; i < all.count) {
          const auto id = static_cast<point_id>(i);
          neighbours.start_from(id, kth_square(all, with, id, sample, nearest[r], k));
        }
    }
  });
}

}  // namespace hdbscan
