#include "byte_reader.hpp"
#include "exif_orientation.hpp"
#include "image_header.hpp"

namespace media {

using namespace std::string_view_literals;

namespace {

int orientation_of(std::string_view file) {
  byte_reader in(file);
  for (std::size_t at = 12; file.size() - at >= 8;) {
    std::size_t size = in.u32(at + 4);
    if (file.size() - at - 8 < size) return 1;
    if (file.substr(at, 4) == "EXIF"sv) {
      std::string_view body = file.substr(at + 8, size);
      // Some writers keep JPEG's prefix.
      if (body.substr(0, 6) == "Exif\0\0"sv) body.remove_prefix(6);
      return exif_orientation(body);
    }
    at += 8 + size + (size & 1);
    if (at > file.size()) return 1;
  }
  return 1;
}

}  // namespace

parsed_header read_webp_header(std::string_view file) {
  byte_reader in(file);
  parsed_header p;
  p.header.bits = 8;
  p.header.channels = 3;
  std::string_view kind = file.substr(12, 4);
  if (kind == "VP8 "sv) {
    std::uint32_t start = in.u24(23);
    p.header.width = in.u16(26) & 0x3fff;
    p.header.height = in.u16(28) & 0x3fff;
    if (!in.failed() && start != 0x2a019d)
      return header_error("has no WebP frame where it should be: the file is damaged");
  } else if (kind == "VP8L"sv) {
    std::uint32_t signature = in.u8(20), packed = in.u32(21);
    p.header.width = (packed & 0x3fff) + 1;
    p.header.height = (packed >> 14 & 0x3fff) + 1;
    p.header.channels = (packed >> 28 & 1) != 0 ? 4 : 3;
    if (!in.failed() && signature != 0x2f)
      return header_error("has no WebP frame where it should be: the file is damaged");
  } else if (kind == "VP8X"sv) {
    std::uint32_t flags = in.u8(20);
    p.header.width = in.u24(24) + 1;
    p.header.height = in.u24(27) + 1;
    p.header.channels = (flags & 0x10) != 0 ? 4 : 3;
    if (!in.failed() && (flags & 0x02) != 0) return header_error("is an animated WebP; flowrun reads still ones");
    if (!in.failed() && (flags & 0x08) != 0) p.header.orientation = orientation_of(file);
  } else if (kind.size() == 4) {
    return header_error("holds a kind of WebP that flowrun does not know: the file is damaged");
  } else {
    return header_cut();
  }
  return in.failed() ? header_cut() : p;
}

}  // namespace media
