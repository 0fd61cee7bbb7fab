#include "sheet_picture.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "../output/readable.hpp"

namespace faces {

namespace {

constexpr int gap = 8, title_height = 34, caption_height = 18;
constexpr double title_scale = 0.55, caption_scale = 0.36;
const cv::Scalar paper(250, 250, 250), ink(40, 40, 40), grey(95, 95, 95);

int width_of(const std::string& text, double scale) {
  int below = 0;
  return cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, 1, &below).width;
}

void put(cv::Mat& sheet, const std::string& text, cv::Point at, double scale, const cv::Scalar& colour) {
  cv::putText(sheet, text, at, cv::FONT_HERSHEY_SIMPLEX, scale, colour, 1, cv::LINE_AA);
}

// OpenCV draws ASCII only.
std::string ascii(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = std::max<std::size_t>(1, output::utf8_length(bytes));
    text += bytes[0] >= 0x20 && bytes[0] < 0x7f ? bytes[0] : '?';
    bytes.remove_prefix(length);
  }
  return text;
}

// The name without its folders; of a long one the beginning and the end, which has a frame's number.
std::string caption_of(const std::string& key, int width) {
  const std::string name = ascii(std::string_view(key).substr(key.rfind('/') + 1));
  if (width_of(name, caption_scale) <= width) return name;
  for (std::size_t kept = name.size() - 1; kept > 2; --kept) {
    const std::size_t head = kept / 2;
    std::string text = name.substr(0, head) + ".." + name.substr(name.size() - (kept - head));
    if (width_of(text, caption_scale) <= width) return text;
  }
  return "";
}

cv::Mat picture_of(const sheet_face& f, int size) {
  const cv::Mat found = cv::imdecode(f.picture->jpeg, cv::IMREAD_COLOR);
  if (found.empty()) throw std::runtime_error("a face of '" + output::readable(*f.key) + "' is no JPEG");
  const double scale = static_cast<double>(size) / std::max(found.cols, found.rows);
  auto side = [scale, size](int length) { return std::clamp(static_cast<int>(std::lround(length * scale)), 1, size); };
  cv::Mat fitted;
  cv::resize(found, fitted, cv::Size(side(found.cols), side(found.rows)), 0, 0,
             scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return fitted;
}

}  // namespace

cv::Mat draw_sheet(const std::string& title, const std::vector<sheet_face>& faces, int size) {
  const auto count = static_cast<int>(faces.size());
  const int columns = std::clamp(static_cast<int>(std::ceil(std::sqrt(1.5 * count))), 1, std::max(1, count));
  const int rows = (count + columns - 1) / columns;
  const int cell = size + gap, row_height = size + caption_height + gap;
  const int width = gap + std::max(columns * cell, width_of(title, title_scale) + gap);
  cv::Mat sheet(title_height + rows * row_height, width, CV_8UC3, paper);
  put(sheet, title, {gap, title_height - 12}, title_scale, ink);
  for (int i = 0; i < count; ++i) {
    const sheet_face& f = faces[static_cast<std::size_t>(i)];
    const cv::Mat picture = picture_of(f, size);
    const cv::Point corner(gap + (i % columns) * cell, title_height + (i / columns) * row_height);
    const cv::Point at = corner + cv::Point((size - picture.cols) / 2, (size - picture.rows) / 2);
    picture.copyTo(sheet(cv::Rect(at, picture.size())));
    const std::string caption = caption_of(*f.key, size);
    const int middle = (size - width_of(caption, caption_scale)) / 2;
    put(sheet, caption, corner + cv::Point(middle, size + 13), caption_scale, grey);
  }
  return sheet;
}

}  // namespace faces
