// What a file's name and first bytes say about it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace media {

enum class file_kind : std::uint8_t { other, picture, video, sound, text };

// So many first bytes of a file tell its kind.
inline constexpr std::size_t kind_bytes = 1 << 10;

// By content alone. A GIF is a video, also with a single frame: nothing short of decoding it counts its frames.
file_kind kind_of(std::string_view beginning);

// ".jpg" of "a/b.JPG": in small letters, empty where the name has none of the extensions of pictures that flowrun
// reads (.jpg .jpeg .png .webp .tif .tiff .bmp).
std::string picture_extension(std::string_view name);
// The same for videos: .mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .m2ts .ogv .flv .wmv .asf .gif .y4m .3gp .vob .mxf.
// Not .ts and .mts, which are more often programs: those count by content.
std::string video_extension(std::string_view name);

// Why a file that is named like a picture, or was asked for by name, is none: "is named .jpg but holds text". Empty for
// a picture. `beginning` holds its first bytes, some hundred or all there are.
std::string why_not_a_picture(std::string_view name, std::string_view beginning);
// The same where videos are read too. Empty for a picture and a video.
std::string why_not_read(std::string_view name, std::string_view beginning);

}  // namespace media
