// Is the file all there? Decoders fill what is missing with grey and go on.
#pragma once
#include <string_view>

#include "image_header.hpp"

namespace media {

// Walks the file's structure, not its pixels: a JPEG reaches its end-of-image marker, a PNG its IEND chunk, a WebP
// the length it declares, a TIFF's strips or tiles and an uncompressed BMP's rows lie inside the file.
bool is_whole(std::string_view file, const image_header& header);

}  // namespace media
