// Which of FFmpeg's demuxers may read a file: containers that hold their own data and nothing that names other files.
#pragma once
#include <string>

namespace media {

// Names of demuxers, as AVFormatContext's format_whitelist takes them.
extern const char* const video_formats;

// `demuxer` is AVInputFormat::name: several names between commas, the container's.
bool is_video_format(const std::string& demuxer);

// "MP4/MOV, Matroska/WebM, ...": for messages.
extern const char* const video_format_names;

}  // namespace media
