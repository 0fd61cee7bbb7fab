#include "chip.hpp"

#include <algorithm>
#include <cmath>
#include <flowrun/opencv.hpp>
#include <opencv2/imgproc.hpp>

namespace faces {

namespace {

// Chip pixels for one of the picture. Beyond these no face is meant, and numbers get too large to compute with.
constexpr double least_scale = 1e-4, most_scale = 1e4;

// Of the picture, all that the chip can show, `margin` px more on each side.
cv::Rect seen_part(const flowrun::image& picture, const similarity& from_chip, const face_template& size, int margin) {
  double left = picture.width, right = 0, top = picture.height, bottom = 0;
  for (const position& corner : {position{0, 0}, position{size.width - 1.0, 0}, position{0, size.height - 1.0},
                                 position{size.width - 1.0, size.height - 1.0}}) {
    const position p = from_chip.apply(corner);
    left = std::min(left, p.x - margin);
    right = std::max(right, p.x + margin);
    top = std::min(top, p.y - margin);
    bottom = std::max(bottom, p.y + margin);
  }
  auto inside = [](double at, int side) { return static_cast<int>(std::clamp(std::floor(at), 0.0, double(side))); };
  const int x = inside(left, picture.width), y = inside(top, picture.height);
  return {x, y, inside(right + 1, picture.width) - x, inside(bottom + 1, picture.height) - y};
}

// As many whole blocks of pixels as it has, since the mean over those is several times as fast; the margin is larger
// than what goes. Nothing goes where the picture ends: all of it can be seen.
void trim_to_blocks(cv::Rect& part, const flowrun::image& picture, int block) {
  if (part.x + part.width < picture.width) part.width -= part.width % block;
  if (part.y + part.height < picture.height) part.height -= part.height % block;
}

}  // namespace

similarity align(const face& f, const face_template& to, std::size_t number) {
  const std::string which = "face " + std::to_string(number);
  std::array<position, landmark_count> from;
  for (std::size_t i = 0; i < landmark_count; ++i) {
    const float x = f.landmarks[2 * i], y = f.landmarks[2 * i + 1];
    if (!std::isfinite(x) || !std::isfinite(y))
      throw std::runtime_error(which + " has landmarks that are no finite numbers");
    from[i] = {x - 0.5, y - 0.5};  // counted from the picture's corner
  }
  const similarity s = fit_similarity(from, to.landmarks);
  if (const double scale = s.scale(); !(scale > least_scale && scale < most_scale))
    throw std::runtime_error(which + " cannot be turned upright: its landmarks lie all in one point, or too far apart");
  return s;
}

flowrun::image cut_chip(const flowrun::image& picture, const similarity& to_chip, const face_template& size) {
  cv::Mat chip(size.height, size.width, CV_8UC(picture.channels), cv::Scalar::all(0));
  const similarity from_chip = to_chip.inverse();
  const int shrink = std::max(1, static_cast<int>(from_chip.scale()));
  cv::Rect seen = seen_part(picture, from_chip, size, 2 * shrink + 2);
  trim_to_blocks(seen, picture, shrink);
  if (seen.empty()) return flowrun::share(chip);
  cv::Mat part = flowrun::view(picture)(seen);
  if (shrink > 1) {
    const cv::Size smaller(std::max(1, seen.width / shrink), std::max(1, seen.height / shrink));
    cv::Mat mean;
    cv::resize(part, mean, smaller, 0, 0, cv::INTER_AREA);
    part = mean;
  }
  // Pixel (x, y) of the part has its middle at (x fx + x0, y fy + y0) of the picture.
  const double fx = static_cast<double>(seen.width) / part.cols, fy = static_cast<double>(seen.height) / part.rows;
  const position first = to_chip.apply({seen.x + (fx - 1) / 2, seen.y + (fy - 1) / 2});
  const cv::Matx23d matrix(to_chip.a * fx, -to_chip.b * fy, first.x, to_chip.b * fx, to_chip.a * fy, first.y);
  cv::warpAffine(part, chip, matrix, chip.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar::all(0));
  return flowrun::share(chip);
}

}  // namespace faces
