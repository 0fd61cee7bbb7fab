#include "crop.hpp"

#include <algorithm>
#include <cmath>
#include <flowrun/opencv.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>

namespace faces {

namespace {

// Along one side: the pixels that are taken, and how often the outermost ones are repeated before and behind them.
struct span_of_pixels {
  int begin, count, before, behind;
};

span_of_pixels cut(int from, int count, int length) {
  span_of_pixels s{};
  s.begin = std::clamp(from, 0, length - 1);
  s.before = std::clamp(-from, 0, count - 1);
  s.count = std::clamp(length - s.begin, 1, count - s.before);
  s.behind = count - s.before - s.count;
  return s;
}

std::string size_text(int width, int height) {
  return std::to_string(width) + " x " + std::to_string(height) + " px";
}

// A square of `side` px round the middle of the box.
cv::Mat cut_square(const cv::Mat& picture, const face& f, int side) {
  const int left = static_cast<int>(std::lround(f.x + f.w / 2 - static_cast<float>(side) / 2));
  const int upper = static_cast<int>(std::lround(f.y + f.h / 2 - static_cast<float>(side) / 2));
  const span_of_pixels x = cut(left, side, picture.cols), y = cut(upper, side, picture.rows);
  const cv::Mat inside = picture(cv::Rect(x.begin, y.begin, x.count, y.count));
  if (x.count == side && y.count == side) return inside;
  cv::Mat square;
  cv::copyMakeBorder(inside, square, y.before, y.behind, x.before, x.behind,
                     cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
  return square;
}

}  // namespace

void crop_faces::describe(flowrun::description<crop_faces>& d) {
  d.doc(
      "Cuts a small square picture out for each face, as a JPEG.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  found: {use: faces.detect, in: media.image}\n"
      "  crop: {use: faces.crop, in: {image: media.image, faces: found.faces}}\n"
      "keep: [crop]\n"
      "```\n\n"
      "The square lies round the middle of the face's box; its side is the box's longer side with `margin` added at "
      "both ends. Where it reaches beyond the picture, the picture's outermost pixels are repeated, so the face is "
      "always in the middle. It is not turned.\n\n"
      "A larger square is made smaller to `size`, by averaging over areas. A smaller one keeps its pixels: a face that "
      "takes 20 px gives a picture of 32 px, and not a blurred larger one.\n\n"
      "The pictures are in the order of the faces; without faces the list is empty. [faces.sheets](faces.sheets.md) "
      "makes contact sheets of them. `image` must be the picture that the faces were found in: another size is the "
      "item's error. So is a box that has no extent, or is more than four times as large as the picture.");
  d.param("size", &crop_faces::size, "side of the pictures; smaller ones are not enlarged").unit("px").range(16, 1024);
  d.param("margin", &crop_faces::margin, "on each side of the face; a share of the longer side of its box").range(0, 2);
  d.param("quality", &crop_faces::quality, "of the JPEG").unit("percent").range(1, 100);
  d.run(&crop_faces::run, {"image", "faces"}, {"crops"});
}

crops crop_faces::run(const flowrun::image& in, const face_list& found) const {
  crops made;
  if (found.list.empty()) return made;
  if (in.width != found.width || in.height != found.height)
    throw std::runtime_error("the image is " + size_text(in.width, in.height) + ", the faces are of one of " +
                             size_text(found.width, found.height) + "; wire the image that the faces were found in");
  const cv::Mat picture = flowrun::view(in);
  const auto longest = 4 * static_cast<float>(std::max(in.width, in.height));
  for (std::size_t i = 0; i < found.list.size(); ++i) {
    const face& f = found.list[i];
    const float longer = std::max(f.w, f.h), reach = std::max(std::abs(f.x), std::abs(f.y));
    // Written so that what is no number is refused.
    if (!(f.w > 0 && f.h > 0 && longer <= longest && reach <= longest))
      throw std::runtime_error("the box of face " + std::to_string(i) + " (x " + std::to_string(f.x) + ", y " +
                               std::to_string(f.y) + ", " + std::to_string(f.w) + " x " + std::to_string(f.h) +
                               " px) is not one of a picture of " + size_text(in.width, in.height));
    const auto side = static_cast<int>(std::lround(static_cast<double>(longer) * (1 + 2 * margin)));
    cv::Mat square = cut_square(picture, f, std::max(1, side)), small;
    if (square.cols > size)
      cv::resize(square, small, cv::Size(size, size), 0, 0, cv::INTER_AREA);
    else
      small = square;
    crop& c = made.list.emplace_back();
    if (!cv::imencode(".jpg", small, c.jpeg, {cv::IMWRITE_JPEG_QUALITY, quality}))
      throw std::runtime_error("face " + std::to_string(i) + " cannot be encoded as a JPEG");
  }
  return made;
}

}  // namespace faces
