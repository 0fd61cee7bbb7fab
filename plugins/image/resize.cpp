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
      "Makes images smaller, or larger where that is asked for.\n\n"
      "- `mode: fit`: as large as all bounds allow, `max_side`, `width` and `height`. A 400 x 300 picture becomes 200 "
      "x "
      "150 by `max_side: 200`, 100 x 75 by `width: 100, height: 100`. Sides are rounded, and at least 1 px.\n"
      "- `mode: stretch`: `width` x `height`; a side at 0 stays as it is. `max_side` then scales the result down to "
      "it.\n"
      "- Without `enlarge` nothing grows: `fit` leaves a smaller picture as it is, `stretch` a shorter side. With it, "
      "`fit` goes up to the first bound it meets.\n"
      "- `area` takes the mean of the pixels that fall together: the right one for making smaller. `bilinear` and "
      "`bicubic` look at 2 x 2 and 4 x 4 pixels, so fine patterns alias when a picture shrinks much. `area` enlarges "
      "as "
      "`bilinear` does. All are OpenCV's `cv::resize`.\n"
      "- An image that has its size already passes as it is, without a copy. Channels stay as they are: grey, BGR or "
      "BGRA. Alpha is filtered like a colour: colours of transparent pixels reach into the edge.\n\n"
      "To only read pictures smaller, media.files has a `max_side` of its own, which is faster: a JPEG is scaled while "
      "it is decoded.\n\n"
      "A result of more than 2^30 pixels is an error of the item, and so is an empty picture.");
  d.param("max_side", &resize::max_side, "bound of the longer side; 0: none").unit("px").range(0, 1 << 20);
  d.param("width", &resize::width, "bound of that side, or its size, as mode says; 0: none")
      .unit("px")
      .range(0, 1 << 20);
  d.param("height", &resize::height, "bound of that side, or its size, as mode says; 0: none")
      .unit("px")
      .range(0, 1 << 20);
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
