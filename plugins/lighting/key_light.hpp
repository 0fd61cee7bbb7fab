// Where the main light comes from, by the luma gradient of a coarse grid.
//
// 1. Means of luma over cells of about longer side / grid pixels: texture averages out, at any resolution alike.
// 2. The gradient of every cell from its two neighbours per axis (at the border from itself and the one), in luma per
//    pixel between the true centres of the cells.
// 3. Cells steeper than the `keep` quantile are left out: edges of things, not the fall of light.
// 4. Direction: angle of the summed gradients. Strength: its length / sum of lengths.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace lighting {

// Below this mean gradient, in luma from one side of the picture to the other, nothing is told from rounding to 8 bits.
constexpr double flat_range = 1.0;

struct key_light_rule {
  int grid = 64;               // cells along the longer side, 2..1024; a picture with fewer pixels has one per pixel
  double keep = 0.9;           // share of cells that count, 0..1
  double min_strength = 0.02;  // 0..1; no direction below it
};

struct key_light {
  std::optional<double> direction;  // degrees, 0 <= d < 360; 0 from the right, 90 from above, counter-clockwise
  double strength = 0;              // 0..1; 0 where the picture is flat
};

// Memory kept between calls.
struct key_light_scratch {
  std::vector<int> left, top;  // cell i is left[i] <= x < left[i + 1]
  std::vector<std::uint32_t> column_sums;
  std::vector<double> mean, dx, dy, steepness, sorted;
};

// `luma`: HxW, 8 bit, one channel, not empty. 1xN and Nx1 pictures have a gradient along N only; 1x1 is flat.
key_light find_key_light(const cv::Mat& luma, const key_light_rule& rule, key_light_scratch& scratch);

}  // namespace lighting
