#include "decode_image.hpp"

#include <algorithm>
#include <flowrun/opencv.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "exif_orientation.hpp"
#include "image_header.hpp"
#include "on_white.hpp"
#include "picture_size.hpp"
#include "whole_picture.hpp"

namespace media {

namespace {

constexpr std::uint64_t decoder_max_side = 1 << 20;  // OpenCV's CV_IO_MAX_IMAGE_WIDTH and _HEIGHT

std::string size_problem(const image_header& h, const decode_limits& limits) {
  std::string problem = too_many_pixels(h.width, h.height, static_cast<std::uint64_t>(limits.max_pixels));
  if (!problem.empty()) return problem;
  if (std::max(h.width, h.height) > decoder_max_side)
    return "is " + std::to_string(h.width) + " x " + std::to_string(h.height) + " px; the decoder reads up to " +
           std::to_string(decoder_max_side) + " px a side";
  return "";
}

// JPEG scales while it decodes; never below what is wanted.
int jpeg_flags(const image_header& h, int max_side) {
  std::uint64_t longer = std::max(h.width, h.height), wanted = static_cast<std::uint64_t>(max_side);
  int flags = cv::IMREAD_COLOR;
  if (max_side > 0 && longer >= wanted * 8)
    flags = cv::IMREAD_REDUCED_COLOR_8;
  else if (max_side > 0 && longer >= wanted * 4)
    flags = cv::IMREAD_REDUCED_COLOR_4;
  else if (max_side > 0 && longer >= wanted * 2)
    flags = cv::IMREAD_REDUCED_COLOR_2;
  return flags | cv::IMREAD_IGNORE_ORIENTATION;
}

cv::Mat to_8_bit(const cv::Mat& in) {
  cv::Mat out(in.size(), CV_8UC(in.channels()));
  for (int y = 0; y < in.rows; ++y) {
    const auto* from = in.ptr<std::uint16_t>(y);
    auto* to = out.ptr<std::uint8_t>(y);
    for (int x = 0; x < in.cols * in.channels(); ++x) to[x] = static_cast<std::uint8_t>((from[x] + 128u) / 257u);
  }
  return out;
}

cv::Mat to_bgr(cv::Mat m) {
  if (m.depth() == CV_16U) m = to_8_bit(m);
  if (m.depth() != CV_8U)
    throw std::runtime_error("holds values that are not unsigned 8- or 16-bit numbers; flowrun reads only those");
  if (m.channels() == 3) return m;
  if (m.channels() == 4) return on_white(m);
  if (m.channels() != 1)
    throw std::runtime_error("has " + std::to_string(m.channels()) + " channels; flowrun reads pictures of 1, 3 or 4");
  cv::Mat bgr;
  cv::cvtColor(m, bgr, cv::COLOR_GRAY2BGR);
  return bgr;
}

// The decoder turns TIFFs itself and only some of them rightly: to it, all are upright.
void hide_orientation(std::string& file, const image_header& h) {
  if (h.orientation_at == 0) return;
  bool big_endian = file[0] == 'M';
  file[h.orientation_at] = big_endian ? 0 : 1;
  file[h.orientation_at + 1] = big_endian ? 1 : 0;
}

cv::Mat decode(std::string& file, const image_header& h, int max_side) {
  int flags = cv::IMREAD_UNCHANGED;
  if (h.format == image_format::jpeg) flags = jpeg_flags(h, max_side);
  if (h.format == image_format::bmp) flags = cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION;
  if (h.format == image_format::tiff) hide_orientation(file, h);
  try {
    return cv::imdecode(cv::Mat(1, static_cast<int>(file.size()), CV_8U, file.data()), flags);
  } catch (const cv::Exception& e) {
    throw std::runtime_error("cannot be decoded: " + e.err);
  }
}

}  // namespace

flowrun::image decode_image(std::string& file, const decode_limits& limits) {
  parsed_header p = read_image_header(file);
  if (!p.error.empty()) throw std::runtime_error(p.error);
  const image_header& h = p.header;
  std::string problem = size_problem(h, limits);
  if (!problem.empty()) throw std::runtime_error(problem);
  if (!is_whole(file, h)) throw std::runtime_error("is cut off: the file ends before the picture does");
  cv::Mat pixels = decode(file, h, limits.max_side);
  if (pixels.empty())
    throw std::runtime_error("cannot be decoded: the file is damaged, or of a kind the decoder lacks");
  bool scaled = h.format == image_format::jpeg && limits.max_side > 0;
  if (!scaled &&
      (static_cast<std::uint64_t>(pixels.cols) != h.width || static_cast<std::uint64_t>(pixels.rows) != h.height))
    throw std::runtime_error("is " + std::to_string(h.width) + " x " + std::to_string(h.height) +
                             " px by its header, but decodes to " + std::to_string(pixels.cols) + " x " +
                             std::to_string(pixels.rows) + " px: the file is damaged");
  std::string().swap(file);
  pixels = to_bgr(std::move(pixels));
  pixels = shrink(pixels, scaled_size(h.width, h.height, limits.max_side));
  return flowrun::share(upright(pixels, h.orientation));
}

std::uint64_t decoded_bytes(std::string_view beginning, const decode_limits& limits) {
  parsed_header p = read_image_header(beginning);
  if (!p.error.empty() || !size_problem(p.header, limits).empty()) return 0;
  cv::Size size = scaled_size(p.header.width, p.header.height, limits.max_side);
  return static_cast<std::uint64_t>(size.width) * static_cast<std::uint64_t>(size.height) * 3;
}

}  // namespace media
