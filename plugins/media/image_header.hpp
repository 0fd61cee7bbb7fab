// A picture's format and size, told from its first bytes without a decoder.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace media {

enum class image_format { none, jpeg, png, webp, tiff, bmp };

// Told by magic bytes; 18 bytes are enough for every format.
image_format format_of(std::string_view file);

struct image_header {
  image_format format = image_format::none;
  std::uint64_t width = 0, height = 0;  // px, as stored: before the orientation is applied
  int channels = 0;                     // 1 grey, 2 grey and alpha, 3 colour (palettes too), 4 with alpha or CMYK
  int bits = 0;                         // per channel; of a palette's indices
  int orientation = 1;                  // EXIF's 1..8
  std::size_t orientation_at = 0;       // TIFF: where the value stands in the file; 0: nowhere
};

// Either `error` is empty and the header is filled, or it says what is wrong as the end of a sentence that begins
// with the file's name: "ends inside its header".
struct parsed_header {
  image_header header;
  std::string error;
};

// `file` may be the beginning of a file: enough of it is read when `error` is empty. Never reads out of bounds; a
// width or height of 0 is an error, huge ones are not.
parsed_header read_image_header(std::string_view file);

// One format each; `file` has that format's magic bytes.
parsed_header read_jpeg_header(std::string_view file);
parsed_header read_png_header(std::string_view file);
parsed_header read_webp_header(std::string_view file);
parsed_header read_tiff_header(std::string_view file);
parsed_header read_bmp_header(std::string_view file);

inline parsed_header header_error(std::string text) {
  parsed_header p;
  p.error = std::move(text);
  return p;
}
inline parsed_header header_cut() {
  return header_error("ends inside its header: the file is cut off");
}

}  // namespace media
