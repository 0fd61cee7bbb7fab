#include "decode_image.hpp"

#include <doctest/doctest.h>

#include <opencv2/core.hpp>
#include <stdexcept>

#include "made_files.hpp"

using namespace media;
using namespace std::string_literals;

namespace {

std::string error_of(std::string file, decode_limits limits = {}) {
  try {
    decode_image(file, limits);
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}

flowrun::image decoded(std::string file, decode_limits limits = {}) {
  return decode_image(file, limits);
}

std::string size_of(const flowrun::image& i) {
  return std::to_string(i.width) + "x" + std::to_string(i.height) + "x" + std::to_string(i.channels);
}

std::vector<int> pixel(const flowrun::image& i, int x, int y) {
  const std::uint8_t* p = i.row(y) + x * 3;
  return {p[0], p[1], p[2]};
}

std::vector<int> grey(int v) {
  return {v, v, v};
}

bool close(const std::vector<int>& a, const std::vector<int>& b, int by) {
  for (std::size_t i = 0; i < 3; ++i)
    if (std::abs(a[i] - b[i]) > by) return false;
  return true;
}

// 16 bits a channel, interleaved as `channels` says.
cv::Mat deep(int channels, std::vector<int> values) {
  cv::Mat m(1, static_cast<int>(values.size()) / channels, CV_16UC(channels));
  for (std::size_t i = 0; i < values.size(); ++i) m.ptr<std::uint16_t>()[i] = static_cast<std::uint16_t>(values[i]);
  return m;
}

std::string png_of(int bits, int colour, const std::string& more_chunks, const std::string& row) {
  // One row, in a deflate stream of one stored block.
  std::string raw = "\0"s + row;
  std::uint32_t a = 1, b = 0;
  for (char c : raw) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  auto size = static_cast<std::uint32_t>(raw.size());
  std::string data =
      "\x78\x01\x01"s + made::little(size, 2) + made::little(~size & 0xffff, 2) + raw + made::big(b << 16 | a, 4);
  int samples = colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1;
  auto width = static_cast<std::uint32_t>(static_cast<int>(row.size()) * 8 / bits / samples);
  return "\x89PNG\r\n\x1a\n"s +
         made::png_chunk("IHDR", made::big(width, 4) + made::big(1, 4) + static_cast<char>(bits) +
                                     static_cast<char>(colour) + "\0\0\0"s) +
         more_chunks + made::png_chunk("IDAT", data) + made::png_chunk("IEND", "");
}

}  // namespace

TEST_CASE("every format gives the same picture, as BGR") {
  cv::Mat p = made::picture(40, 30);
  for (const char* extension : {".png", ".tiff", ".bmp"}) {
    flowrun::image i = decoded(made::encoded(extension, p));
    CHECK(size_of(i) == "40x30x3");
    CHECK(pixel(i, 20, 15) == std::vector<int>{127, 127, 60});
  }
  for (const char* extension : {".jpg", ".webp"}) {
    flowrun::image i = decoded(made::encoded(extension, p));
    CHECK(size_of(i) == "40x30x3");
    CHECK(close(pixel(i, 20, 15), {127, 127, 60}, 6));
  }
}

TEST_CASE("one pixel is a picture") {
  for (const char* extension : {".jpg", ".png", ".webp", ".tiff", ".bmp"})
    CHECK(size_of(decoded(made::encoded(extension, made::picture(1, 1)))) == "1x1x3");
}

TEST_CASE("grey, 16 bits, alpha and palettes become 8-bit BGR by the rules") {
  flowrun::image i = decoded(made::encoded(".png", deep(1, {0, 128, 129, 32768, 65535})));
  for (int x = 0; x < 5; ++x) CHECK(pixel(i, x, 0) == grey(std::vector<int>{0, 0, 1, 128, 255}[x]));
  CHECK(pixel(decoded(made::encoded(".png", deep(3, {257, 514, 65535}))), 0, 0) == std::vector<int>{1, 2, 255});
  CHECK(pixel(decoded(made::encoded(".tiff", deep(3, {257, 514, 65535}))), 0, 0) == std::vector<int>{1, 2, 255});
  CHECK(pixel(decoded(made::encoded(".png", deep(4, {0, 0, 65535, 32768}))), 0, 0) == std::vector<int>{127, 127, 255});
  cv::Mat clear(1, 3, CV_8UC4);
  clear.at<cv::Vec4b>(0) = {10, 20, 30, 255};
  clear.at<cv::Vec4b>(1) = {10, 20, 30, 0};
  clear.at<cv::Vec4b>(2) = {0, 100, 200, 128};
  for (const char* extension : {".png", ".tiff"}) {
    i = decoded(made::encoded(extension, clear));
    CHECK(pixel(i, 0, 0) == std::vector<int>{10, 20, 30});
    CHECK(pixel(i, 1, 0) == grey(255));
    CHECK(pixel(i, 2, 0) == std::vector<int>{127, 177, 227});
  }
  CHECK(pixel(decoded(made::encoded(".bmp", clear)), 1, 0) == std::vector<int>{10, 20, 30});
  // Palette entries are RGB; four indices of two bits.
  i = decoded(png_of(2, 3, made::png_chunk("PLTE", "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"), "\x1b"));
  CHECK(pixel(i, 0, 0) == std::vector<int>{3, 2, 1});
  CHECK(pixel(i, 3, 0) == std::vector<int>{12, 11, 10});
  std::string clear_palette = made::png_chunk("PLTE", "\x01\x02\x03\x04\x05\x06") + made::png_chunk("tRNS", "\0"s);
  i = decoded(png_of(8, 3, clear_palette, "\0\x01"s));
  CHECK(pixel(i, 0, 0) == grey(255));
  CHECK(pixel(i, 1, 0) == std::vector<int>{6, 5, 4});
  i = decoded(png_of(1, 0, "", "\xa0"));
  CHECK(pixel(i, 0, 0) == grey(255));
  CHECK(pixel(i, 1, 0) == grey(0));
  i = decoded(png_of(8, 4, "", "\x40\xff\x40\0"s));
  CHECK(pixel(i, 0, 0) == grey(64));
  CHECK(pixel(i, 1, 0) == grey(255));
}

TEST_CASE("CMYK is converted by the decoder") {
  flowrun::image i = decoded(made::cmyk_jpeg());
  CHECK(size_of(i) == "8x8x3");
  CHECK(pixel(i, 7, 7) == grey(65));
}

TEST_CASE("the orientation is applied, of all eight and in every format that has one") {
  // Where the stored picture's first pixel and the one right of it come to lie, of 3 x 2.
  struct place {
    int width, height, x, y, next_x, next_y;
  };
  const place places[] = {{3, 2, 0, 0, 1, 0}, {3, 2, 2, 0, 1, 0}, {3, 2, 2, 1, 1, 1}, {3, 2, 0, 1, 1, 1},
                          {2, 3, 0, 0, 0, 1}, {2, 3, 1, 0, 1, 1}, {2, 3, 1, 2, 1, 1}, {2, 3, 0, 2, 0, 1}};
  cv::Mat counting(2, 3, CV_8UC1);
  for (int n = 0; n < 6; ++n) counting.data[n] = static_cast<unsigned char>(n);
  std::string png = made::encoded(".png", counting);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const place& p = places[orientation - 1];
    std::string chunk = made::png_chunk("eXIf", made::exif(orientation, false));
    for (const std::string& file : {made::tiff(3, 2, orientation, false), made::tiff(3, 2, orientation, true),
                                    made::with_png_chunk(png, chunk)}) {
      CAPTURE(orientation);
      flowrun::image i = decoded(file);
      REQUIRE(i.width == p.width);
      REQUIRE(i.height == p.height);
      CHECK(pixel(i, p.x, p.y) == grey(0));
      CHECK(pixel(i, p.next_x, p.next_y) == grey(1));
    }
  }
  for (bool big_endian : {false, true}) {
    flowrun::image i = decoded(made::with_jpeg_exif(made::jpeg(40, 30), made::exif(6, big_endian)));
    CHECK(size_of(i) == "30x40x3");
    CHECK(close(pixel(i, 29, 0), {0, 0, 60}, 12));  // the first pixel went to the right
  }
  CHECK(size_of(decoded(made::with_jpeg_exif(made::jpeg(), made::exif(9, false)))) == "40x30x3");
}

TEST_CASE("max_side scales down, never up") {
  decode_limits limits;
  limits.max_side = 50;
  CHECK(size_of(decoded(made::jpeg(40, 30), limits)) == "40x30x3");
  for (int width : {51, 99, 100, 200, 399, 400, 1000})
    CHECK(size_of(decoded(made::jpeg(width, width / 2), limits)) ==
          "50x" + std::to_string((50 * (width / 2) * 2 + width) / (2 * width)) + "x3");
  CHECK(size_of(decoded(made::encoded(".png", made::picture(300, 600)), limits)) == "25x50x3");
  CHECK(size_of(decoded(made::encoded(".png", made::picture(300, 1)), limits)) == "50x1x3");
  CHECK(size_of(decoded(made::with_jpeg_exif(made::jpeg(400, 200), made::exif(6, true)), limits)) == "25x50x3");
  CHECK(close(pixel(decoded(made::jpeg(400, 400), limits), 25, 25), {130, 130, 60}, 8));
  CHECK(decoded_bytes(made::jpeg(400, 200), limits) == 50 * 25 * 3);
}

TEST_CASE("too many pixels are refused before decoding") {
  CHECK(error_of(made::png_header(60000, 60000)) ==
        "is 60000 x 60000 px, that is 3600000000 pixels, more than max_pixels (200000000); to read it set max_pixels "
        "higher");
  CHECK(error_of(made::jpeg_header(20000, 20000)) ==
        "is 20000 x 20000 px, that is 400000000 pixels, more than max_pixels (200000000); to read it set max_pixels "
        "higher");
  CHECK(error_of(made::png_header(2000000, 1)) == "is 2000000 x 1 px; the decoder reads up to 1048576 px a side");
  decode_limits limits;
  limits.max_pixels = 1200;
  CHECK(size_of(decoded(made::jpeg(40, 30), limits)) == "40x30x3");
  limits.max_pixels = 1199;
  CHECK(error_of(made::jpeg(40, 30), limits) ==
        "is 40 x 30 px, that is 1200 pixels, more than max_pixels (1199); to read it set max_pixels higher");
  CHECK(decoded_bytes(made::jpeg(40, 30), limits) == 0);
  CHECK(decoded_bytes(made::jpeg(40, 30), {}) == 40 * 30 * 3);
  CHECK(decoded_bytes(made::jpeg(40, 30).substr(0, 50), {}) == 0);
}

TEST_CASE("what is cut off anywhere is an error, never half a picture") {
  for (const char* extension : {".jpg", ".png", ".webp", ".tiff", ".bmp"}) {
    std::string file = made::encoded(extension, made::picture(64, 64));
    CAPTURE(extension);
    for (std::size_t n : {file.size() - 1, file.size() - 2, file.size() * 9 / 10, file.size() / 2})
      if (std::string(extension) != ".tiff")
        CHECK(error_of(file.substr(0, n)) == "is cut off: the file ends before the picture does");
    for (std::size_t n = 0; n < file.size(); n += 97) CHECK(error_of(file.substr(0, n)) != "");
  }
  std::string progressive = made::encoded(".jpg", made::picture(64, 64), {2 /* IMWRITE_JPEG_PROGRESSIVE */, 1});
  CHECK(error_of(progressive.substr(0, progressive.size() / 2)) == "is cut off: the file ends before the picture does");
  CHECK(error_of(made::jpeg().substr(0, 300) + std::string(5000, '\0')) ==
        "is cut off: the file ends before the picture does");
  CHECK(error_of(made::jpeg_header(10, 10)) == "is cut off: the file ends before the picture does");
  // The strip is said to be longer than the file.
  std::string tiff = made::tiff(30, 20, 1, false);
  CHECK(error_of(tiff) == "");
  tiff[tiff.size() - 4 - 1] = '\x10';
  CHECK(error_of(tiff) == "is cut off: the file ends before the picture does");
}

TEST_CASE("damaged pixels are an error") {
  std::string png = made::encoded(".png", made::picture(64, 64));
  png[png.size() / 2] = static_cast<char>(png[png.size() / 2] ^ 0x55);
  CHECK(error_of(png) == "cannot be decoded: the file is damaged, or of a kind the decoder lacks");
}
