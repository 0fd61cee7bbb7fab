#include "made_videos.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

extern "C" {
#include <libavutil/log.h>
}

namespace made {

namespace {

// FFmpeg's libraries in this process; the runtime does the same by FLOWRUN_PROCESS_SETUP.
[[maybe_unused]] const bool quiet = (av_log_set_level(AV_LOG_QUIET), true);

}  // namespace

std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen((command + " </dev/null").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen " + command);
  std::string out;
  char part[4096];
  while (std::size_t n = std::fread(part, 1, sizeof part, pipe)) out.append(part, n);
  if (::pclose(pipe) != 0) throw std::runtime_error(command);
  return out;
}

void ffmpeg(const std::string& arguments) {
  output_of("timeout 60 ffmpeg -nostdin -y -v error -threads 1 " + arguments);
}

namespace {

std::string quoted(const std::string& path) {
  return "'" + path + "'";
}

}  // namespace

std::vector<std::optional<std::int64_t>> ffprobe_times(const std::string& path) {
  std::istringstream lines(
      output_of("ffprobe -v quiet -select_streams V:0 -show_entries stream=time_base,start_pts:"
                "frame=best_effort_timestamp -of default=noprint_wrappers=1 " +
                quoted(path)));
  std::vector<std::string> stamps;
  std::vector<std::optional<std::int64_t>> times;
  std::int64_t start = 0, num = 0, den = 1;
  for (std::string line; std::getline(lines, line);) {
    std::string name = line.substr(0, line.find('=')), value = line.substr(line.find('=') + 1);
    if (name == "best_effort_timestamp") stamps.push_back(value);
    if (name == "start_pts") start = std::stoll(value);
    if (name == "time_base") num = std::stoll(value), den = std::stoll(value.substr(value.find('/') + 1));
  }
  // Rounded to the nearest, halves away from zero.
  for (const std::string& stamp : stamps) {
    times.emplace_back();
    if (stamp == "N/A") continue;
    __extension__ using wide = __int128;
    wide ns = static_cast<wide>(std::stoll(stamp) - start) * num * 1'000'000'000;
    times.back() = static_cast<std::int64_t>((ns < 0 ? ns - den / 2 : ns + den / 2) / den);
  }
  return times;
}

std::int64_t ffprobe_count(const std::string& path) {
  std::string count = output_of(
      "ffprobe -v quiet -select_streams V:0 -count_frames -show_entries stream=nb_read_frames "
      "-of default=noprint_wrappers=1:nokey=1 " +
      quoted(path));
  return count.empty() || count[0] == 'N' ? 0 : std::stoll(count);
}

std::string file_content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string samples() {
  const char* given = std::getenv("FLOWRUN_SAMPLES");
  return given == nullptr ? "" : given;
}

}  // namespace made
