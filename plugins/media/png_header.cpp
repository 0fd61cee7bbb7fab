#include "byte_reader.hpp"
#include "exif_orientation.hpp"
#include "image_header.hpp"

namespace media {

using namespace std::string_view_literals;

parsed_header read_png_header(std::string_view file) {
  byte_reader in(file, true);
  parsed_header p;
  std::uint32_t length = in.u32(8);
  p.header.width = in.u32(16);
  p.header.height = in.u32(20);
  p.header.bits = static_cast<int>(in.u8(24));
  std::uint32_t colour = in.u8(25);
  in.u32(29);  // the checksum ends the header
  if (in.failed()) return header_cut();
  constexpr int channels[] = {1, 0, 3, 3, 2, 0, 4};
  if (length != 13 || file.substr(12, 4) != "IHDR"sv || colour > 6 || channels[colour] == 0)
    return header_error("has a PNG header that makes no sense: the file is damaged");
  p.header.channels = channels[colour];
  // The eXIf chunk may stand anywhere before the end.
  for (std::size_t at = 8; file.size() - at >= 12;) {
    std::size_t size = in.u32(at);
    std::string_view type = file.substr(at + 4, 4);
    if (file.size() - at - 12 < size) break;
    if (type == "eXIf"sv) p.header.orientation = exif_orientation(file.substr(at + 8, size));
    if (type == "eXIf"sv || type == "IEND"sv) break;
    at += 12 + size;
  }
  return p;
}

}  // namespace media
