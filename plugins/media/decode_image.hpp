// A picture file's bytes, as pixels.
#pragma once
#include <cstdint>
#include <flowrun/types/image.hpp>
#include <string>

namespace media {

struct decode_limits {
  std::int64_t max_pixels = 200'000'000;  // larger pictures are refused before anything is decoded
  int max_side = 0;                       // px of the longer side; 0: full size
};

// The picture in `file`, upright (EXIF orientation applied), as 8-bit BGR: height x width x 3, values 0..255. `file` is
// used up. By these rules:
// - grey is repeated in all three channels; palettes are looked up;
// - 16-bit values are divided by 257 and rounded, so that 0 stays 0 and 65,535 becomes 255;
// - alpha is blended on white (a transparent pixel's own colour is arbitrary, mostly black); a BMP's fourth byte is
//   ignored, because most writers leave it 0;
// - CMYK is converted by the decoder (JPEG: inverted as Adobe writes it), colour profiles are not applied;
// - of several pages the first is read;
// - with max_side the longer side is at most that (never enlarged): JPEGs are decoded at 1/2, 1/4 or 1/8, the rest is
//   averaging by area.
// Throws std::runtime_error whose text goes on from the file's name: not a picture, cut off, damaged, over max_pixels.
flowrun::image decode_image(std::string& file, const decode_limits& limits);

// What decode_image will give for a file that begins with `beginning`, in bytes. 0: not known from so much of the
// file, or the file will be refused.
std::uint64_t decoded_bytes(std::string_view beginning, const decode_limits& limits);

}  // namespace media
