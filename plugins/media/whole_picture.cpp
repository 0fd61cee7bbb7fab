#include "whole_picture.hpp"

#include "byte_reader.hpp"
#include "jpeg_segments.hpp"
#include "tiff_directory.hpp"

namespace media {

using namespace std::string_view_literals;

namespace {

bool is_whole_jpeg(std::string_view file) {
  jpeg_segments segments(file);
  jpeg_segment s;
  bool has_scan = false;
  while (segments.next(s)) {
    if (s.marker == jpeg_segments::start_of_scan) has_scan = true;
    if (s.marker == jpeg_segments::end_of_image) return has_scan;
  }
  return false;
}

bool is_whole_png(std::string_view file) {
  byte_reader in(file, true);
  for (std::size_t at = 8; file.size() - at >= 12;) {
    std::size_t size = in.u32(at);
    if (file.size() - at - 12 < size) return false;
    if (file.substr(at + 4, 4) == "IEND"sv) return true;
    at += 12 + size;
  }
  return false;
}

bool is_whole_webp(std::string_view file) {
  return byte_reader(file).u32(4) <= file.size() - 8;
}

bool is_whole_tiff(std::string_view file) {
  auto directory = tiff_directory::open(file);
  if (!directory) return false;
  struct parts {
    std::uint32_t offsets, sizes;
  };
  for (parts tags : {parts{273, 279}, parts{324, 325}}) {
    auto offsets = directory->find(tags.offsets), sizes = directory->find(tags.sizes);
    if (!offsets || !sizes || offsets->count != sizes->count) continue;
    for (std::uint32_t i = 0; i < offsets->count; ++i)
      if (std::uint64_t{directory->value(*offsets, i)} + directory->value(*sizes, i) > file.size()) return false;
    return true;
  }
  return true;  // old writers leave the sizes out: the decoder judges
}

bool is_whole_bmp(std::string_view file, const image_header& header) {
  byte_reader in(file);
  bool old = in.u32(14) == 12;
  std::uint64_t start = in.u32(10), bits = in.u16(old ? 24 : 28), packing = old ? 0 : in.u32(30);
  if (packing == 1 || packing == 2) return true;  // run lengths: the decoder judges
  std::uint64_t row = (header.width * bits + 31) / 32 * 4;
  return start + row * header.height <= file.size();
}

}  // namespace

bool is_whole(std::string_view file, const image_header& header) {
  switch (header.format) {
    case image_format::jpeg:
      return is_whole_jpeg(file);
    case image_format::png:
      return is_whole_png(file);
    case image_format::webp:
      return is_whole_webp(file);
    case image_format::tiff:
      return is_whole_tiff(file);
    case image_format::bmp:
      return is_whole_bmp(file, header);
    case image_format::none:
      break;
  }
  return false;
}

}  // namespace media
