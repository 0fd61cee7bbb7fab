// All values of one picture; the stage and perf/bare_lighting.cpp call the same function.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "key_light.hpp"
#include "light.hpp"

namespace lighting {

struct measure_settings {
  int bins = 32;               // of the histogram, 2..256
  int grid = 64;               // cells along the longer side, 2..1024
  double keep = 0.9;           // share of cells, flattest first, that tell the key light; 0..1
  double min_strength = 0.02;  // 0..1
  double max_tint = 0.05;      // Duv, 0..0.2
};

// Memory kept between calls, for one call at a time.
struct measure_scratch {
  std::vector<std::uint8_t> luma;
  key_light_scratch key_light;
};

// `pixels`: HxW, 8 bit, 1 (grey), 3 (BGR) or 4 (BGRA) channels; not written to. Settings are in their ranges.
// Throws std::invalid_argument on an empty picture or another format.
light measure(const cv::Mat& pixels, const measure_settings& settings, measure_scratch& scratch);

}  // namespace lighting
