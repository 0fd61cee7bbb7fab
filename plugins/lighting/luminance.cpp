#include "luminance.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace lighting {

cv::Mat luma_of(const cv::Mat& pixels, std::vector<std::uint8_t>& buffer) {
  if (pixels.empty()) throw std::invalid_argument("an empty picture has no light");
  if (pixels.depth() != CV_8U || (pixels.channels() != 1 && pixels.channels() != 3 && pixels.channels() != 4))
    throw std::invalid_argument("a picture has 1, 3 or 4 channels of 8 bits");
  if (pixels.channels() == 1) return pixels;
  // Not cv::Mat::create: it gives memory back at every change of size, and new pages cost more than the luma.
  if (buffer.size() < pixels.total()) buffer.resize(pixels.total());
  cv::Mat luma(pixels.rows, pixels.cols, CV_8UC1, buffer.data());
  cv::cvtColor(pixels, luma, pixels.channels() == 3 ? cv::COLOR_BGR2GRAY : cv::COLOR_BGRA2GRAY);
  return luma;
}

luma_counts count_levels(const cv::Mat& luma) {
  // Four tables: neighbours are often equal, and adding twice to one address waits for the first to be stored.
  std::array<std::array<std::uint64_t, 256>, 4> table{};
  for (int y = 0; y < luma.rows; ++y) {
    const auto* row = luma.ptr<std::uint8_t>(y);
    int x = 0;
    for (; x + 4 <= luma.cols; x += 4)
      for (std::size_t k = 0; k < 4; ++k) ++table[k][row[x + static_cast<int>(k)]];
    for (; x < luma.cols; ++x) ++table[0][row[x]];
  }
  luma_counts counts;
  for (std::size_t v = 0; v < 256; ++v) counts.level[v] = table[0][v] + table[1][v] + table[2][v] + table[3][v];
  counts.total = luma.total();
  return counts;
}

double mean_level(const luma_counts& counts) {
  std::uint64_t sum = 0;
  for (std::size_t v = 0; v < 256; ++v) sum += v * counts.level[v];
  return static_cast<double>(sum) / static_cast<double>(counts.total);
}

double level_deviation(const luma_counts& counts, double mean) {
  double sum = 0;
  for (std::size_t v = 0; v < 256; ++v) {
    const double away = static_cast<double>(v) - mean;
    sum += away * away * static_cast<double>(counts.level[v]);
  }
  return std::sqrt(sum / static_cast<double>(counts.total));
}

int percentile(const luma_counts& counts, unsigned percent) {
  std::uint64_t below = 0;
  for (std::size_t v = 0; v < 256; ++v) {
    below += counts.level[v];
    if (below * 100 >= counts.total * percent) return static_cast<int>(v);
  }
  return 255;
}

double share_between(const luma_counts& counts, int first, int last) {
  std::uint64_t inside = 0;
  for (int v = first; v <= last; ++v) inside += counts.level[static_cast<std::size_t>(v)];
  return static_cast<double>(inside) / static_cast<double>(counts.total);
}

std::vector<float> shares(const luma_counts& counts, int bins) {
  const auto size = static_cast<std::size_t>(bins);
  std::vector<std::uint64_t> sums(size);
  for (std::size_t v = 0; v < 256; ++v) sums[v * size / 256] += counts.level[v];
  std::vector<float> result;
  result.reserve(size);
  for (std::uint64_t n : sums)
    result.push_back(static_cast<float>(static_cast<double>(n) / static_cast<double>(counts.total)));
  return result;
}

}  // namespace lighting
