#include "image_header.hpp"

#include "byte_reader.hpp"

namespace media {

using namespace std::string_view_literals;

image_format format_of(std::string_view file) {
  auto starts = [file](std::string_view magic) { return file.substr(0, magic.size()) == magic; };
  if (starts("\xff\xd8\xff"sv)) return image_format::jpeg;
  if (starts("\x89PNG\r\n\x1a\n"sv)) return image_format::png;
  if (starts("RIFF"sv) && file.size() >= 12 && file.substr(8, 4) == "WEBP"sv) return image_format::webp;
  if (starts("II*\0"sv) || starts("MM\0*"sv) || starts("II+\0"sv) || starts("MM\0+"sv)) return image_format::tiff;
  if (starts("BM"sv)) {
    // Two letters also begin texts; the size of the second header is one of seven.
    byte_reader in(file);
    for (std::uint32_t size : {12u, 40u, 52u, 56u, 64u, 108u, 124u})
      if (in.u32(14) == size) return image_format::bmp;
  }
  return image_format::none;
}

parsed_header read_image_header(std::string_view file) {
  parsed_header p;
  image_format format = format_of(file);
  switch (format) {
    case image_format::none:
      return header_error("is not a picture that flowrun reads (JPEG, PNG, WebP, TIFF, BMP)");
    case image_format::jpeg:
      p = read_jpeg_header(file);
      break;
    case image_format::png:
      p = read_png_header(file);
      break;
    case image_format::webp:
      p = read_webp_header(file);
      break;
    case image_format::tiff:
      p = read_tiff_header(file);
      break;
    case image_format::bmp:
      p = read_bmp_header(file);
      break;
  }
  p.header.format = format;
  if (p.error.empty() && (p.header.width == 0 || p.header.height == 0))
    p.error = "has a size of " + std::to_string(p.header.width) + " x " + std::to_string(p.header.height) +
              " px in its header: the file is damaged";
  return p;
}

}  // namespace media
