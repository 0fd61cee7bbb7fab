// The stage lighting.analyze.
#pragma once
#include <flowrun/opencv.hpp>
#include <flowrun/per_lane.hpp>
#include <flowrun/plugin.hpp>

#include "measure.hpp"

namespace lighting {

struct analyze : measure_settings {
  static constexpr auto name = "analyze";
  static constexpr int version = 1;

  static void describe(flowrun::description<analyze>& d) {
    d.doc("Brightness, contrast, clipping, key light, colour temperature and luminance histogram of a picture.");
    d.param("bins", &analyze::bins, "bins of the luminance histogram").range(2, 256);
    d.param("grid", &analyze::grid, "key light: cells along the longer side, over which texture is averaged")
        .range(2, 1024);
    d.param("keep", &analyze::keep, "key light: share of cells that count; the steepest (edges of things) are left out")
        .range(0.01, 1);
    d.param("min_strength", &analyze::min_strength, "key light: strength below which no direction is given")
        .range(0, 1);
    d.param("max_tint", &analyze::max_tint,
            "Duv (CIE 1960 uv), either way, beyond which no temperature is given; CIE 15:2018 says 0.05")
        .range(0, 0.2);
    d.run(&analyze::run, {"image"}, {"light"});
  }

  light run(const flowrun::image& in) const {
    const auto scratch = scratch_.take();
    return measure(flowrun::view(in), *this, *scratch);
  }

 private:
  flowrun::per_lane<measure_scratch> scratch_;
};

}  // namespace lighting
