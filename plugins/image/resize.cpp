#include "resize.hpp"

#include <algorithm>
#include <cmath>
#include <flowrun/opencv.hpp>
#include <opencv2/imgproc.hpp>

namespace image_resize {

namespace {

constexpr std::int64_t most_pixels = 1 << 30;

int scaled(int side, double factor) {
  return std::max(1, static_cast<int>(std::lround(side * factor)));
}

int interpolation(const std::string& filter) {
  if (filter == "nearest") return cv::INTER_NEAREST;
  if (filter == "bilinear") return cv::INTER_LINEAR;
  if (filter == "bicubic") return cv::INTER_CUBIC;
  return cv::INTER_AREA;
}

std::string text_of(size s) {
  return std::to_string(s.width) + " x " + std::to_string(s.height) + " px";
}

}  // namespace

void resize::describe(flowrun::description<resize>& d) {
  d.doc(
      "Resizes images. Never enlarges unless told to; an image that has its size already passes as it is, without a "
      "copy. Alpha is filtered like a colour.");
  d.param("max_side", &resize::max_side, "of the longer side; 0: no bound").unit("px").range(0, 1 << 20);
  d.param("width", &resize::width, "of the result, see mode; 0: no bound").unit("px").range(0, 1 << 20);
  d.param("height", &resize::height, "of the result, see mode; 0: no bound").unit("px").range(0, 1 << 20);
  d.param("mode", &resize::mode,
          "fit: keeps the proportions, within width x height; stretch: to width x height, a side at 0 stays as it is")
      .one_of({"fit", "stretch"});
  d.param("filter", &resize::filter, "area: mean over what falls together, for making smaller; enlarges as bilinear")
      .one_of({"area", "nearest", "bilinear", "bicubic"});
  d.param("enlarge", &resize::enlarge, "also make smaller images larger, up to the bounds");
  d.run(&resize::run, {"image"}, {"image"});
}

size resize::target(size from) const {
  size to = from;
  auto shrinks_or_may_grow = [this](double factor) { return factor < 1 || enlarge; };
  if (mode == "stretch") {
    if (width > 0 && shrinks_or_may_grow(static_cast<double>(width) / from.width)) to.width = width;
    if (height > 0 && shrinks_or_may_grow(static_cast<double>(height) / from.height)) to.height = height;
    int longer = std::max(to.width, to.height);
    if (max_side == 0 || longer <= max_side) return to;
    double factor = static_cast<double>(max_side) / longer;
    return {scaled(to.width, factor), scaled(to.height, factor)};
  }
  double factor = 0;
  for (double bound : {max_side / static_cast<double>(std::max(from.width, from.height)),
                       width / static_cast<double>(from.width), height / static_cast<double>(from.height)})
    if (bound > 0) factor = factor > 0 ? std::min(factor, bound) : bound;
  if (factor == 0 || !shrinks_or_may_grow(factor)) return from;
  return {scaled(from.width, factor), scaled(from.height, factor)};
}

flowrun::image resize::run(const flowrun::image& in) const {
  if (in.empty()) throw std::runtime_error("the image is empty (" + text_of({in.width, in.height}) + ")");
  size to = target({in.width, in.height});
  if (to == size{in.width, in.height}) return in;
  if (static_cast<std::int64_t>(to.width) * to.height > most_pixels)
    throw std::runtime_error("the image (" + text_of({in.width, in.height}) + ") would become " + text_of(to) +
                             ", more than 2^30 pixels; set smaller bounds, or enlarge: false");
  cv::Mat out;
  cv::resize(flowrun::view(in), out, {to.width, to.height}, 0, 0, interpolation(filter));
  return flowrun::share(std::move(out));
}

}  // namespace image_resize
