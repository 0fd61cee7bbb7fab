#include "made_files.hpp"

#include <stdlib.h>

#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>

namespace made {

using namespace std::string_literals;

temporary_folder::temporary_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "flowrun-media-XXXXXX").native();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string temporary_folder::write(const std::string& name, std::string_view content) const {
  std::filesystem::path file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
  return file.native();
}

std::string little(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(std::uint64_t{value} >> (8 * i) & 0xff);
  return out;
}

std::string big(std::uint32_t value, int bytes) {
  std::string out = little(value, bytes);
  return {out.rbegin(), out.rend()};
}

std::string encoded(const std::string& extension, const cv::Mat& pixels, const std::vector<int>& settings) {
  std::vector<unsigned char> out;
  if (!cv::imencode(extension, pixels, out, settings)) throw std::runtime_error("imencode " + extension);
  return {out.begin(), out.end()};
}

cv::Mat picture(int width, int height) {
  cv::Mat m(height, width, CV_8UC3);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      m.at<cv::Vec3b>(y, x) =
          cv::Vec3b(static_cast<unsigned char>(255 * x / width), static_cast<unsigned char>(255 * y / height), 60);
  return m;
}

std::string jpeg(int width, int height) {
  return encoded(".jpg", picture(width, height));
}

std::string exif(int orientation, bool big_endian) {
  auto n = [big_endian](int value, int bytes) {
    auto v = static_cast<std::uint32_t>(value);
    return big_endian ? big(v, bytes) : little(v, bytes);
  };
  return (big_endian ? "MM\0*"s : "II*\0"s) + n(8, 4) + n(1, 2) + n(274, 2) + n(3, 2) + n(1, 4) + n(orientation, 2) +
         n(0, 2) + n(0, 4);
}

std::string with_jpeg_exif(const std::string& jpeg, const std::string& exif) {
  std::string body = "Exif\0\0"s + exif;
  return jpeg.substr(0, 2) + "\xff\xe1" + big(static_cast<std::uint32_t>(body.size() + 2), 2) + body + jpeg.substr(2);
}

std::string png_chunk(const std::string& type, const std::string& body) {
  std::uint32_t crc = 0xffffffff;
  for (char c : type + body) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return big(static_cast<std::uint32_t>(body.size()), 4) + type + body + big(~crc, 4);
}

std::string with_png_chunk(const std::string& png, const std::string& chunk) {
  return png.substr(0, 33) + chunk + png.substr(33);
}

std::string png_header(std::uint32_t width, std::uint32_t height) {
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", big(width, 4) + big(height, 4) + "\x08\x02\0\0\0"s);
}

std::string jpeg_header(std::uint32_t width, std::uint32_t height) {
  return "\xff\xd8\xff\xc0" + big(17, 2) + "\x08" + big(height, 2) + big(width, 2) +
         "\x03\x01\x11\0\x02\x11\0\x03\x11\0"s;
}

std::string cmyk_jpeg() {
  std::string quantities = "\xff\xdb" + big(67, 2) + '\0' + std::string(64, '\1');
  std::string frame = "\xff\xc0" + big(20, 2) + "\x08" + big(8, 2) + big(8, 2) + "\x04",
              scan = "\xff\xda" + big(14, 2) + "\x04";
  for (char id = 1; id <= 4; ++id) {
    frame += id + "\x11\0"s;
    scan += id + "\0"s;
  }
  // One code of one bit each: no difference, end of block. So 4 blocks are 8 zero bits.
  std::string codes = "\1"s + std::string(15, '\0') + "\0"s;
  return "\xff\xd8\xff\xee" + big(14, 2) + "Adobe" + big(100, 2) + std::string(5, '\0') + quantities + frame +
         "\xff\xc4" + big(20, 2) + '\0' + codes + "\xff\xc4" + big(20, 2) + '\x10' + codes + scan + "\0\x3f\0"s + '\0' +
         "\xff\xd9";
}

std::string bmp_header(std::uint32_t width, std::uint32_t height) {
  return "BM" + little(0, 8) + little(54, 4) + little(40, 4) + little(width, 4) + little(height, 4) + little(1, 2) +
         little(24, 2) + std::string(24, '\0');
}

std::string tiff(std::uint32_t width, std::uint32_t height, int orientation, bool big_endian) {
  auto n = [big_endian](std::uint32_t value, int bytes) {
    return big_endian ? big(value, bytes) : little(value, bytes);
  };
  struct entry {
    std::uint32_t tag, type, value;
  };
  const entry entries[] = {{256, 4, width},
                           {257, 4, height},
                           {258, 3, 8},
                           {259, 3, 1},
                           {262, 3, 1},
                           {273, 4, 8},
                           {274, 3, static_cast<std::uint32_t>(orientation)},
                           {277, 3, 1},
                           {278, 4, height},
                           {279, 4, width * height}};
  std::string pixels;
  for (std::uint32_t i = 0; i < width * height; ++i) pixels += static_cast<char>(i);
  if (pixels.size() % 2 != 0) pixels += '\0';
  std::string out = (big_endian ? "MM\0*"s : "II*\0"s) + n(static_cast<std::uint32_t>(8 + pixels.size()), 4) + pixels;
  out += n(std::size(entries), 2);
  for (const entry& e : entries)
    out += n(e.tag, 2) + n(e.type, 2) + n(1, 4) + (e.type == 3 ? n(e.value, 2) + n(0, 2) : n(e.value, 4));
  return out + n(0, 4);
}

}  // namespace made
