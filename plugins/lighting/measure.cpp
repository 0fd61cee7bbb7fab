#include "measure.hpp"

#include "colour_temperature.hpp"
#include "luminance.hpp"

namespace lighting {

light measure(const cv::Mat& pixels, const measure_settings& settings, measure_scratch& scratch) {
  const cv::Mat luma = luma_of(pixels, scratch.luma);
  const luma_counts counts = count_levels(luma);
  light found;
  found.brightness = mean_level(counts);
  found.contrast = level_deviation(counts, found.brightness);
  found.p5 = percentile(counts, 5);
  found.p50 = percentile(counts, 50);
  found.p95 = percentile(counts, 95);
  found.shadows = share_between(counts, 0, shadow_level);
  found.highlights = share_between(counts, highlight_level, 255);
  found.histogram = shares(counts, settings.bins);

  const key_light key = find_key_light(luma, {settings.grid, settings.keep, settings.min_strength}, scratch.key_light);
  found.key_direction = key.direction;
  found.key_strength = key.strength;

  const light_colour colour = find_light_colour(pixels, settings.max_tint);
  found.temperature = colour.temperature;
  found.tint = colour.tint;
  return found;
}

}  // namespace lighting
