// Brightness, contrast, percentiles and clipping, all read off one exact histogram of luma.
#pragma once
#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace lighting {

constexpr int shadow_level = 4;       // luma, inclusive
constexpr int highlight_level = 251;  // luma, inclusive

// Pixels per luma level.
struct luma_counts {
  std::array<std::uint64_t, 256> level{};
  std::uint64_t total = 0;
};

// `pixels`: HxW, 8 bit, 1 (grey), 3 (BGR) or 4 (BGRA) channels. Gives HxW of luma 0..255: the matrix itself where it is
// grey, else a view of `buffer`, which only grows. Throws std::invalid_argument on an empty or different matrix.
cv::Mat luma_of(const cv::Mat& pixels, std::vector<std::uint8_t>& buffer);

// `luma`: HxW, 8 bit, one channel.
luma_counts count_levels(const cv::Mat& luma);

// The rest wants total > 0.
double mean_level(const luma_counts& counts);
// Standard deviation around `mean`, luma, divided by n.
double level_deviation(const luma_counts& counts, double mean);
// Nearest rank: the smallest level with at least `percent` of the pixels at or below it; percent 1..100.
int percentile(const luma_counts& counts, unsigned percent);
// Share of pixels with first <= luma <= last, 0..1.
double share_between(const luma_counts& counts, int first, int last);
// Shares of `bins` bins (2..256), sum 1; level v is in bin v * bins / 256, so bins that do not divide 256 hold unequal
// numbers of levels.
std::vector<float> shares(const luma_counts& counts, int bins);

}  // namespace lighting
