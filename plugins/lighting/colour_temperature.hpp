// Colour temperature and tint of the light, by the grey-world assumption: the scene's mean reflectance is neutral, so
// its mean colour is the light's (Buchsbaum 1980).
#pragma once
#include <opencv2/core.hpp>
#include <optional>

namespace lighting {

// A channel outside says more about clipping than about colour.
constexpr int darkest = 6, brightest = 249;
// Fewer usable pixels than this say nothing about the picture.
constexpr double min_usable_share = 0.001;
constexpr double min_temperature = 1000, max_temperature = 40000;  // K

struct linear_colour {
  double red = 0, green = 0, blue = 0;  // linear sRGB, 0..1
};

struct chromaticity {
  double x = 0, y = 0;  // CIE 1931
};

struct light_colour {
  std::optional<double> temperature;  // K, 1000..40000
  std::optional<double> tint;         // Duv, CIE 1960 uv; above 0 green, below 0 magenta
};

// Mean in linear light over the pixels whose three channels are all in darkest..brightest. `pixels`: HxW, 8 bit, BGR or
// BGRA. nullopt with less than min_usable_share of such pixels, and for a single channel.
std::optional<linear_colour> mean_colour(const cv::Mat& pixels);

// By IEC 61966-2-1's matrix (D65); wants a colour above black.
chromaticity chromaticity_of(const linear_colour& colour);

// McCamy 1992 (Color Research & Application 17:142): within some K of the definition at 2856..6500 K, clamped to
// 1000..40000. nullopt at or below the epicentre (y <= 0.1858), where the formula has no meaning.
std::optional<double> temperature_of(const chromaticity& c);

// Duv after Ohno 2014 (LEUKOS 10:47, the polynomial also in ANSI C78.377): within 0.0001 for 2600..20000 K and |Duv| up
// to 0.03, coarse beyond. nullopt where v <= 0.24: below the fit's origin.
std::optional<double> tint_of(const chromaticity& c);

// Both, for a picture. No temperature where |tint| is above `max_tint` (CIE 15:2018: 0.05), or there is no tint.
light_colour find_light_colour(const cv::Mat& pixels, double max_tint);

}  // namespace lighting
