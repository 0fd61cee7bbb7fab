// Videos for tests, made by the ffmpeg command, and what ffprobe counts in them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace made {

// What the command prints. Throws when it ends with anything but 0.
std::string output_of(const std::string& command);

// ffmpeg with these arguments after its inputs' defaults, all paths quoted by the caller.
void ffmpeg(const std::string& arguments);

// Of the first video stream that is no cover picture: each frame's best_effort_timestamp in ns since the stream's
// start, nothing for a frame without one.
std::vector<std::optional<std::int64_t>> ffprobe_times(const std::string& path);
std::int64_t ffprobe_count(const std::string& path);

std::string file_content(const std::string& path);

// $FLOWRUN_SAMPLES, the folder that tests/tools/sample_media.sh prints; empty: not set.
std::string samples();

}  // namespace made
