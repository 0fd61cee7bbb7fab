#include "colour_temperature.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace lighting {
namespace {

// Linear light of an encoded value, in 2^-24: whole numbers sum to the same in any order.
constexpr double unit = 1 << 24;

std::array<std::uint32_t, 256> make_linear_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::size_t v = 0; v < table.size(); ++v) {
    const double encoded = static_cast<double>(v) / 255;
    const double linear = encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
    table[v] = static_cast<std::uint32_t>(std::lround(linear * unit));
  }
  return table;
}

const std::uint32_t* linear_table() {
  static const std::array<std::uint32_t, 256> table = make_linear_table();
  return table.data();
}

struct colour_sum {
  std::uint64_t red = 0, green = 0, blue = 0, pixels = 0;
};

bool usable(std::uint8_t v) {
  return static_cast<std::uint8_t>(v - darkest) <= brightest - darkest;
}

template <int channels>
void add_usable(const std::uint8_t* p, int count, const std::uint32_t* linear, colour_sum& sum) {
  for (const std::uint8_t* end = p + count * channels; p != end; p += channels) {
    // No branch, as clipped pixels stand anywhere; an unusable pixel reads linear[0], which is 0.
    const unsigned use = unsigned{usable(p[0])} & unsigned{usable(p[1])} & unsigned{usable(p[2])}, mask = 0 - use;
    sum.blue += linear[p[0] & mask];
    sum.green += linear[p[1] & mask];
    sum.red += linear[p[2] & mask];
    sum.pixels += use;
  }
}

// BGR in blocks: most have no unusable pixel, and the compiler checks 48 bytes in a few instructions. Half the time.
void add_usable_blocks(const std::uint8_t* p, int count, const std::uint32_t* linear, colour_sum& sum) {
  constexpr int block = 16, block_bytes = 3 * block;
  for (; count >= block; count -= block, p += block_bytes) {
    std::uint8_t unusable = 0;
    for (int k = 0; k < block_bytes; ++k) unusable |= static_cast<std::uint8_t>(!usable(p[k]));
    if (unusable) {
      add_usable<3>(p, block, linear, sum);
      continue;
    }
    std::uint32_t blue = 0, green = 0, red = 0;  // 16 x 2^24 fit
    for (int k = 0; k < block_bytes; k += 3) {
      blue += linear[p[k]];
      green += linear[p[k + 1]];
      red += linear[p[k + 2]];
    }
    sum.blue += blue;
    sum.green += green;
    sum.red += red;
    sum.pixels += block;
  }
  add_usable<3>(p, count, linear, sum);
}

colour_sum sum_usable(const cv::Mat& pixels) {
  const std::uint32_t* linear = linear_table();
  colour_sum sum;
  for (int y = 0; y < pixels.rows; ++y) {
    const auto* row = pixels.ptr<std::uint8_t>(y);
    if (pixels.channels() == 3)
      add_usable_blocks(row, pixels.cols, linear, sum);
    else
      add_usable<4>(row, pixels.cols, linear, sum);
  }
  return sum;
}

}  // namespace

std::optional<linear_colour> mean_colour(const cv::Mat& pixels) {
  if (pixels.channels() < 3) return std::nullopt;
  const colour_sum sum = sum_usable(pixels);
  const auto count = static_cast<double>(sum.pixels);
  if (sum.pixels == 0 || count < min_usable_share * static_cast<double>(pixels.total())) return std::nullopt;
  const double scale = 1 / (unit * count);
  return linear_colour{static_cast<double>(sum.red) * scale, static_cast<double>(sum.green) * scale,
                       static_cast<double>(sum.blue) * scale};
}

chromaticity chromaticity_of(const linear_colour& c) {
  const double x = 0.4124 * c.red + 0.3576 * c.green + 0.1805 * c.blue;
  const double y = 0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue;
  const double z = 0.0193 * c.red + 0.1192 * c.green + 0.9505 * c.blue;
  return {x / (x + y + z), y / (x + y + z)};
}

std::optional<double> temperature_of(const chromaticity& c) {
  constexpr double epicentre_x = 0.3320, epicentre_y = 0.1858;
  if (c.y <= epicentre_y) return std::nullopt;
  const double n = (c.x - epicentre_x) / (epicentre_y - c.y);
  return std::clamp(((449 * n + 3525) * n + 6823.3) * n + 5520.33, min_temperature, max_temperature);
}

std::optional<double> tint_of(const chromaticity& c) {
  const double scale = -2 * c.x + 12 * c.y + 3;  // positive for every colour: x <= 1, y >= 0
  const double u = 4 * c.x / scale - 0.292, v = 6 * c.y / scale - 0.24;
  if (v <= 0) return std::nullopt;
  const double length = std::sqrt(u * u + v * v);
  const double a = std::acos(u / length);
  // Distance of the Planckian locus from (0.292, 0.24) at this angle.
  const double locus =
      (((((-0.00616793 * a + 0.0893944) * a - 0.5179722) * a + 1.5317403) * a - 2.4243787) * a + 1.925865) * a -
      0.471106;
  return length - locus;
}

light_colour find_light_colour(const cv::Mat& pixels, double max_tint) {
  const std::optional<linear_colour> mean = mean_colour(pixels);
  if (!mean) return {};
  const chromaticity c = chromaticity_of(*mean);
  light_colour found;
  found.tint = tint_of(c);
  if (found.tint && std::abs(*found.tint) <= max_tint) found.temperature = temperature_of(c);
  return found;
}

}  // namespace lighting
