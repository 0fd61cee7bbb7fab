// What a file's name and first bytes say about it.
#pragma once
#include <string>
#include <string_view>

namespace media {

// ".jpg" of "a/b.JPG": in small letters, empty where the name has none of the extensions of pictures that flowrun
// reads (.jpg .jpeg .png .webp .tif .tiff .bmp).
std::string picture_extension(std::string_view name);

// Why a file that is named like a picture, or was asked for by name, is none: "is named .jpg but holds text". Empty for
// a picture. `beginning` holds its first bytes, some hundred or all there are.
std::string why_not_a_picture(std::string_view name, std::string_view beginning);

}  // namespace media
