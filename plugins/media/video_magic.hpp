// Containers of video and sound, told from a file's first bytes without a demuxer.
#pragma once
#include <string_view>

namespace media {

enum class container : unsigned char { none, video, sound };

// `beginning` holds a file's first bytes, 1 KiB or all there are. `video` is what may hold moving pictures, GIFs with a
// single one too; whether a video stream is inside shows when it is opened. `sound` holds nothing else: WAV, MP3, FLAC,
// M4A and Ogg files of Vorbis or Opus.
container container_of(std::string_view beginning);

}  // namespace media
