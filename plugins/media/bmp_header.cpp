#include "byte_reader.hpp"
#include "image_header.hpp"

namespace media {

parsed_header read_bmp_header(std::string_view file) {
  byte_reader in(file);
  parsed_header p;
  std::uint32_t bits = 0;
  if (in.u32(14) == 12) {
    p.header.width = in.u16(18);
    p.header.height = in.u16(20);
    bits = in.u16(24);
  } else {
    auto width = static_cast<std::int32_t>(in.u32(18));
    std::int64_t height = static_cast<std::int32_t>(in.u32(22));
    // A negative height means rows from the top.
    p.header.height = static_cast<std::uint64_t>(height < 0 ? -height : height);
    p.header.width = width < 0 ? 0 : static_cast<std::uint64_t>(width);
    bits = in.u16(28);
  }
  if (in.failed()) return header_cut();
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
    return header_error("is a BMP of " + std::to_string(bits) +
                        " bits a pixel; flowrun reads those of 1, 4, 8, 16, 24 and 32");
  p.header.bits = bits < 8 ? static_cast<int>(bits) : 8;
  p.header.channels = 3;
  return p;
}

}  // namespace media
