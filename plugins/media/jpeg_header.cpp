#include "byte_reader.hpp"
#include "exif_orientation.hpp"
#include "image_header.hpp"
#include "jpeg_segments.hpp"

namespace media {

using namespace std::string_view_literals;

parsed_header read_jpeg_header(std::string_view file) {
  parsed_header p;
  jpeg_segments segments(file);
  jpeg_segment s;
  bool has_exif = false;
  while (segments.next(s)) {
    constexpr std::string_view exif = "Exif\0\0"sv;
    if (s.marker == jpeg_segments::app1 && !has_exif && s.body.substr(0, exif.size()) == exif) {
      p.header.orientation = exif_orientation(s.body.substr(exif.size()));
      has_exif = true;
    }
    if (s.marker == jpeg_segments::start_of_scan || s.marker == jpeg_segments::end_of_image)
      return header_error("has no frame header before its pixels: the file is damaged");
    // Start of frame; c4, c8 and cc lie in the range and mean something else.
    if (s.marker < 0xc0 || s.marker > 0xcf || s.marker == 0xc4 || s.marker == 0xc8 || s.marker == 0xcc) continue;
    byte_reader in(s.body, true);
    p.header.bits = static_cast<int>(in.u8(0));
    p.header.height = in.u16(1);
    p.header.width = in.u16(3);
    p.header.channels = static_cast<int>(in.u8(5));
    if (in.failed()) return header_error("has a frame header that is too short: the file is damaged");
    if (p.header.bits != 8)
      return header_error("is a JPEG of " + std::to_string(p.header.bits) +
                          " bits a channel; flowrun reads those of 8");
    return p;
  }
  return header_cut();
}

}  // namespace media
