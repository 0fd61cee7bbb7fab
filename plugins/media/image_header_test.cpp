#include "image_header.hpp"

#include <doctest/doctest.h>

#include <opencv2/core.hpp>
#include <random>

#include "made_files.hpp"
#include "whole_picture.hpp"

using namespace media;
using namespace std::string_literals;

namespace {

std::string brief(const std::string& file) {
  parsed_header p = read_image_header(file);
  if (!p.error.empty()) return p.error;
  const char* formats[] = {"none", "jpeg", "png", "webp", "tiff", "bmp"};
  return formats[static_cast<int>(p.header.format)] + " "s + std::to_string(p.header.width) + "x" +
         std::to_string(p.header.height) + "x" + std::to_string(p.header.channels) + " of " +
         std::to_string(p.header.bits) + " turned " + std::to_string(p.header.orientation);
}

std::string webp(const std::string& kind, const std::string& body, const std::string& more_chunks = "") {
  std::string chunks = "WEBP" + kind + made::little(static_cast<std::uint32_t>(body.size()), 4) + body + more_chunks;
  return "RIFF" + made::little(static_cast<std::uint32_t>(chunks.size()), 4) + chunks;
}

std::vector<std::string> samples() {
  cv::Mat small = made::picture(7, 5), grey, deep;
  cv::extractChannel(small, grey, 0);
  small.convertTo(deep, CV_16U, 257);
  return {made::with_jpeg_exif(made::encoded(".jpg", small), made::exif(6, true)),
          made::encoded(".jpg", grey),
          made::with_png_chunk(made::encoded(".png", deep), made::png_chunk("eXIf", made::exif(3, false))),
          made::encoded(".webp", small),
          made::encoded(".webp", small, {64 /* IMWRITE_WEBP_QUALITY */, 101}),
          webp("VP8X", "\x08\0\0\0"s + made::little(8, 3) + made::little(6, 3),
               "EXIF" + made::little(26, 4) + made::exif(5, false)),
          made::tiff(7, 5, 8, true),
          made::tiff(7, 5, 2, false),
          made::encoded(".tiff", deep),
          made::encoded(".bmp", small)};
}

}  // namespace

TEST_CASE("headers say format, size and orientation") {
  std::vector<std::string> files = samples();
  CHECK(brief(files[0]) == "jpeg 7x5x3 of 8 turned 6");
  CHECK(brief(files[1]) == "jpeg 7x5x1 of 8 turned 1");
  CHECK(brief(files[2]) == "png 7x5x3 of 16 turned 3");
  CHECK(brief(files[3]) == "webp 7x5x3 of 8 turned 1");
  CHECK(brief(files[4]) == "webp 7x5x3 of 8 turned 1");
  CHECK(brief(files[5]) == "webp 9x7x3 of 8 turned 5");
  CHECK(brief(files[6]) == "tiff 7x5x1 of 8 turned 8");
  CHECK(brief(files[7]) == "tiff 7x5x1 of 8 turned 2");
  CHECK(brief(files[8]) == "tiff 7x5x3 of 16 turned 1");
  CHECK(brief(files[9]) == "bmp 7x5x3 of 8 turned 1");
  for (const std::string& file : files)
    if (file.find("VP8X") == std::string::npos) CHECK(is_whole(file, read_image_header(file).header));
}

TEST_CASE("headers may claim any size, but not none") {
  CHECK(brief(made::png_header(60000, 60000)) == "png 60000x60000x3 of 8 turned 1");
  CHECK(brief(made::jpeg_header(60000, 60000)) == "jpeg 60000x60000x3 of 8 turned 1");
  CHECK(brief(made::bmp_header(4, static_cast<std::uint32_t>(-3))) == "bmp 4x3x3 of 8 turned 1");
  CHECK(brief(made::bmp_header(1, 0x80000000)) == "bmp 1x2147483648x3 of 8 turned 1");
  CHECK(brief(made::png_header(0, 5)) == "has a size of 0 x 5 px in its header: the file is damaged");
  CHECK(brief(made::jpeg_header(5, 0)) == "has a size of 5 x 0 px in its header: the file is damaged");
}

TEST_CASE("headers that cannot be used say why") {
  CHECK(brief("") == "is not a picture that flowrun reads (JPEG, PNG, WebP, TIFF, BMP)");
  CHECK(brief("BMW and other cars, a text") == "is not a picture that flowrun reads (JPEG, PNG, WebP, TIFF, BMP)");
  CHECK(brief("GIF89a") == "is not a picture that flowrun reads (JPEG, PNG, WebP, TIFF, BMP)");
  CHECK(brief(made::png_header(9, 9).substr(0, 20)) == "ends inside its header: the file is cut off");
  CHECK(brief("\xff\xd8\xff\xe0") == "ends inside its header: the file is cut off");
  CHECK(brief("\xff\xd8\xff\xd9") == "has no frame header before its pixels: the file is damaged");
  std::string deep = made::jpeg_header(5, 5);
  deep[6] = 12;
  CHECK(brief(deep) == "is a JPEG of 12 bits a channel; flowrun reads those of 8");
  CHECK(brief("II+\0\x08\0\0\0"s) == "is a BigTIFF; flowrun reads classic TIFF, which holds up to 4 GB");
  CHECK(brief(made::encoded(".tiff", cv::Mat(2, 2, CV_32F, cv::Scalar(1)))) ==
        "is a TIFF of floating-point, signed or more than 16-bit values; flowrun reads unsigned 8- and 16-bit ones");
  CHECK(brief(webp("VP8X", "\x02\0\0\0"s + made::little(8, 3) + made::little(6, 3))) ==
        "is an animated WebP; flowrun reads still ones");
  CHECK(brief(webp("ALPH", "xxxxxxxxxx")) == "holds a kind of WebP that flowrun does not know: the file is damaged");
  CHECK(brief(webp("VP8 ", std::string(30, 'x'))) == "has no WebP frame where it should be: the file is damaged");
}

TEST_CASE("every beginning and 20,000 mutations of headers are read within bounds") {
  std::mt19937 random(20240611);
  std::vector<std::string> files = samples();
  auto read = [](const std::string& bytes) {
    std::string exact(bytes);  // ends where the bytes end, so that ASAN sees one too far
    exact.shrink_to_fit();
    parsed_header p = read_image_header(exact);
    if (p.error.empty()) {
      CHECK_GT(p.header.width, 0);
      CHECK_GT(p.header.height, 0);
      CHECK_GE(p.header.orientation, 1);
      CHECK_LE(p.header.orientation, 8);
      is_whole(exact, p.header);
    }
  };
  for (const std::string& file : files)
    for (std::size_t n = 0; n < file.size(); ++n) read(file.substr(0, n));
  for (int i = 0; i < 20000; ++i) {
    std::string file = files[random() % files.size()];
    if (random() % 4 == 0) file.resize(random() % file.size());
    for (unsigned n = 1 + random() % 6; n > 0 && !file.empty(); --n) {
      // Headers stand at the beginning, TIFF's directory at the end.
      std::size_t range = std::min<std::size_t>(file.size(), 200), at = random() % range;
      if (random() % 2 == 0) at = file.size() - 1 - at;
      constexpr char extremes[] = {0, 1, 8, 127, '\x80', '\xff'};
      file[at] = random() % 2 == 0 ? extremes[random() % 6] : static_cast<char>(random());
    }
    read(file);
  }
}
