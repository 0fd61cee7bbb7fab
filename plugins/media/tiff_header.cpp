#include "image_header.hpp"
#include "tiff_directory.hpp"

namespace media {

parsed_header read_tiff_header(std::string_view file) {
  constexpr std::uint32_t width = 256, height = 257, bits = 258, photometric = 262, orientation = 274, samples = 277,
                          sample_format = 339;
  if (file[2] == '+' || file[3] == '+')
    return header_error("is a BigTIFF; flowrun reads classic TIFF, which holds up to 4 GB");
  auto directory = tiff_directory::open(file);
  if (!directory) return header_cut();
  parsed_header p;
  p.header.width = directory->first(width, 0);
  p.header.height = directory->first(height, 0);
  p.header.bits = static_cast<int>(directory->first(bits, 1));
  p.header.channels = static_cast<int>(directory->first(samples, 1));
  std::uint32_t colours = directory->first(photometric, 0);
  if (colours == 3) p.header.channels = 3;
  if (p.header.bits > 16 || directory->first(sample_format, 1) > 1)
    return header_error(
        "is a TIFF of floating-point, signed or more than 16-bit values; flowrun reads unsigned 8- and 16-bit ones");
  if (colours == 5 && p.header.bits != 8)
    return header_error("is a CMYK TIFF of " + std::to_string(p.header.bits) +
                        " bits a channel; flowrun reads those of 8");
  if (auto f = directory->find(orientation)) {
    std::uint32_t value = directory->value(*f, 0);
    if (value >= 1 && value <= 8) p.header.orientation = static_cast<int>(value);
    // In a file the value of a 16-bit field is found here, whatever the byte order.
    if (f->type == 3 && f->count == 1) p.header.orientation_at = f->values_at;
  }
  return p;
}

}  // namespace media
