// What lighting.analyze gives for one picture.
#pragma once
#include <flowrun/codec.hpp>
#include <optional>
#include <vector>

namespace lighting {

// Luma is ITU-R BT.601's (0.299 R + 0.587 G + 0.114 B of the encoded values), rounded to 0..255; a grey picture is its
// own luma, alpha is ignored. Nothing is ever NaN or infinite: what a picture does not tell is nullopt.
struct light {
  static constexpr auto port = "lighting.light/1";

  double brightness = 0, contrast = 0;
  int p5 = 0, p50 = 0, p95 = 0;
  double shadows = 0, highlights = 0;
  std::optional<double> key_direction;
  double key_strength = 0;
  std::optional<double> temperature, tint;
  std::vector<float> histogram;

  static void fields(flowrun::fields<light>& f) {
    f.field("brightness", &light::brightness, "0..255, luma; mean over all pixels");
    f.field("contrast", &light::contrast, "0..127.5, luma; standard deviation over all pixels (divided by n)");
    f.field("p5", &light::p5, "0..255, luma; smallest level that at least 5 % of the pixels do not exceed");
    f.field("p50", &light::p50, "0..255, luma; smallest level that at least 50 % of the pixels do not exceed");
    f.field("p95", &light::p95, "0..255, luma; smallest level that at least 95 % of the pixels do not exceed");
    f.field("shadows", &light::shadows, "0..1; share of pixels with luma <= 4 (clipped shadows)");
    f.field("highlights", &light::highlights, "0..1; share of pixels with luma >= 251 (clipped highlights)");
    f.field("key_direction", &light::key_direction,
            "0..360 (360 left out), degrees; where the light comes from: 0 right, 90 above, counter-clockwise; angle "
            "of the summed luma gradient of cell means, steepest cells left out; none: flat, or strength below "
            "min_strength");
    f.field("key_strength", &light::key_strength,
            "0..1; length of the summed gradient / sum of lengths: the mean resultant length of circular statistics "
            "(Mardia & Jupp 2000), weighted by gradient; 1: all cells agree, 0: flat or no common direction");
    f.field("temperature", &light::temperature,
            "1000..40000 (clamped), K; correlated colour temperature: grey world (Buchsbaum 1980) in linear sRGB (IEC "
            "61966-2-1) over "
            "pixels with all channels in 6..249 -> CIE 1931 xy -> McCamy 1992; none: single-channel picture, under "
            "0.1 % such pixels, or |tint| above max_tint");
    f.field("tint", &light::tint,
            "-0.2..0.2, CIE 1960 uv; Duv, distance from the Planckian locus of the same grey world: above 0 green, "
            "below 0 magenta; Ohno 2014's polynomial, made for 2600..20000 K and |Duv| <= 0.03; none: as for "
            "temperature, but without a limit on tint, or where the polynomial does not apply (v <= 0.24)");
    f.field("histogram", &light::histogram, "0..1; share of pixels per bin, sum 1; luma v is in bin v * bins / 256");
  }
};

}  // namespace lighting
