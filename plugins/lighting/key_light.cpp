#include "key_light.hpp"

#include <algorithm>
#include <cmath>

namespace lighting {
namespace {

// Borders of cells of about `side` pixels; their sizes differ by at most one.
void divide(int pixels, int side, std::vector<int>& borders) {
  const int cells = (pixels + side - 1) / side;
  borders.resize(static_cast<std::size_t>(cells) + 1);
  for (int i = 0; i <= cells; ++i)
    borders[static_cast<std::size_t>(i)] = static_cast<int>(std::int64_t{i} * pixels / cells);
}

void average_cells(const cv::Mat& luma, key_light_scratch& s) {
  const std::size_t columns = s.left.size() - 1, rows = s.top.size() - 1;
  const auto width = static_cast<std::size_t>(luma.cols);
  s.mean.resize(columns * rows);
  double* mean = s.mean.data();
  for (std::size_t j = 0; j < rows; ++j) {
    s.column_sums.assign(width, 0);
    std::uint32_t* sums = s.column_sums.data();
    for (int y = s.top[j]; y < s.top[j + 1]; ++y) {
      const auto* row = luma.ptr<std::uint8_t>(y);
      for (std::size_t x = 0; x < width; ++x) sums[x] += row[x];
    }
    for (std::size_t i = 0; i < columns; ++i) {
      std::uint64_t sum = 0;
      for (int x = s.left[i]; x < s.left[i + 1]; ++x) sum += sums[x];
      const double area = double(s.left[i + 1] - s.left[i]) * double(s.top[j + 1] - s.top[j]);
      *mean++ = static_cast<double>(sum) / area;
    }
  }
}

// Pixels between the centres of cells a and b.
double distance(const std::vector<int>& borders, std::size_t a, std::size_t b) {
  return 0.5 * (borders[b] + borders[b + 1] - borders[a] - borders[a + 1]);
}

void find_gradients(key_light_scratch& s) {
  const std::size_t columns = s.left.size() - 1, rows = s.top.size() - 1;
  s.dx.resize(columns * rows);
  s.dy.resize(columns * rows);
  s.steepness.resize(columns * rows);
  for (std::size_t j = 0; j < rows; ++j) {
    const std::size_t above = j > 0 ? j - 1 : j, below = j + 1 < rows ? j + 1 : j;
    const double height = distance(s.top, above, below);
    for (std::size_t i = 0; i < columns; ++i) {
      const std::size_t before = i > 0 ? i - 1 : i, after = i + 1 < columns ? i + 1 : i;
      const std::size_t at = j * columns + i;
      s.dx[at] = columns == 1
                     ? 0
                     : (s.mean[j * columns + after] - s.mean[j * columns + before]) / distance(s.left, before, after);
      s.dy[at] = rows == 1 ? 0 : (s.mean[below * columns + i] - s.mean[above * columns + i]) / height;
      s.steepness[at] = std::sqrt(s.dx[at] * s.dx[at] + s.dy[at] * s.dy[at]);
    }
  }
}

// The value at nearest rank: at least `share` of the cells are not steeper.
double steepness_limit(key_light_scratch& s, double share) {
  const auto size = static_cast<double>(s.steepness.size());
  const auto rank = static_cast<std::ptrdiff_t>(std::clamp(std::ceil(share * size), 1.0, size)) - 1;
  s.sorted = s.steepness;
  std::nth_element(s.sorted.begin(), s.sorted.begin() + rank, s.sorted.end());
  return s.sorted[static_cast<std::size_t>(rank)];
}

}  // namespace

key_light find_key_light(const cv::Mat& luma, const key_light_rule& rule, key_light_scratch& s) {
  const int longer = std::max(luma.cols, luma.rows);
  const int side = (longer + rule.grid - 1) / rule.grid;
  divide(luma.cols, side, s.left);
  divide(luma.rows, side, s.top);
  average_cells(luma, s);
  find_gradients(s);

  const double limit = steepness_limit(s, rule.keep);
  double x = 0, y = 0, lengths = 0, cells = 0;
  for (std::size_t i = 0; i < s.steepness.size(); ++i) {
    if (s.steepness[i] > limit) continue;
    x += s.dx[i];
    y += s.dy[i];
    lengths += s.steepness[i];
    cells += 1;
  }
  if (lengths / cells * longer < flat_range) return {};

  key_light found;
  found.strength = std::min(1.0, std::sqrt(x * x + y * y) / lengths);
  if (found.strength < rule.min_strength || (x == 0 && y == 0)) return found;
  double degrees = std::atan2(-y, x) * (180 / CV_PI);  // rows grow downwards
  if (degrees < 0) degrees += 360;
  found.direction = degrees > 0 && degrees < 360 ? degrees : 0;  // a tiny negative angle rounds to 360, and -0 is 0
  return found;
}

}  // namespace lighting
