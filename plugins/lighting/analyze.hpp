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
    d.doc(
        "Brightness, contrast, clipping, key light, colour temperature and luminance histogram of a picture.\n\n"
        "Luma is ITU-R BT.601's, 0.299 R + 0.587 G + 0.114 B of the encoded values, rounded to 0..255; a grey picture "
        "is its own luma, alpha is ignored. No value is ever NaN or infinite: what a picture does not tell is null.\n\n"
        "The key light is an estimate from the fall of brightness over the picture, not from shadows: a dark subject "
        "before a bright wall says \"light from the wall\". Grey world takes the scene's mean for neutral: a lawn is "
        "told as green light.\n\n"
        "An empty picture is an error of its item.");
    d.param("bins", &analyze::bins,
            "bins of the luminance histogram; where they do not divide 256 they hold unequal numbers of levels")
        .range(2, 256);
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
