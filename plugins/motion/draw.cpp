#include "draw.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <stdexcept>
#include <string>

namespace motion {
namespace {

void check(const flowrun::tensor& flow) {
  if (flow.type == flowrun::dtype::float32 && flow.shape.size() == 3 && flow.shape[2] == 2 && flow.count() > 0) return;
  std::string shape;
  for (std::int64_t side : flow.shape) shape += (shape.empty() ? "" : ", ") + std::to_string(side);
  throw std::invalid_argument("the tensor is " + std::string(flowrun::dtype_name(flow.type)) + " [" + shape +
                              "]; right: float32 [height, width, 2]");
}

std::uint8_t rounded(float level) {
  return static_cast<std::uint8_t>(level + 0.5f);
}

// HSV with full saturation; `hue`: degrees, 0..360; `value`: 0..255.
void put_colour(float hue, float value, std::uint8_t* bgr) {
  const float sixth = hue / 60;
  const auto channel = [&](float centre) {  // full within 60 degrees of its centre, falling to 0 over the next 60
    const float away = std::abs(sixth - centre);
    return rounded(value * std::clamp(2 - std::min(away, 6 - away), 0.0f, 1.0f));
  };
  bgr[0] = channel(4);
  bgr[1] = channel(2);
  bgr[2] = channel(0);
}

}  // namespace

void draw::describe(flowrun::description<draw>& d) {
  d.doc(
      "Optical flow as a picture, by the usual colour wheel: hue is the direction (0 degrees, red: to the right; 90, "
      "yellow-green: up; 180, cyan: left; 270, violet: down), brightness the length; still is black.");
  d.param("full_scale", &draw::full_scale, "length, in px of the original frame, from which on a colour is full")
      .range(0.01, 10000)
      .unit("px");
  d.run(&draw::run, {"flow"}, {"image"});
}

flowrun::image draw::run(const flowrun::tensor& flow) const {
  check(flow);
  const int height = static_cast<int>(flow.shape[0]), width = static_cast<int>(flow.shape[1]);
  flowrun::image_buffer picture(width, height, 3);
  const float* vector = flow.values<const float>().data();
  const auto full = static_cast<float>(full_scale);
  for (int y = 0; y < height; ++y) {
    std::uint8_t* bgr = picture.row(y);
    for (int x = 0; x < width; ++x, vector += 2, bgr += 3) {
      const float u = vector[0], v = vector[1], length = std::sqrt(u * u + v * v);
      if (std::isfinite(length))
        put_colour(cv::fastAtan2(-v, u), 255 * std::min(1.0f, length / full), bgr);
      else
        bgr[0] = bgr[1] = bgr[2] = 0;
    }
  }
  return std::move(picture).freeze();
}

}  // namespace motion
