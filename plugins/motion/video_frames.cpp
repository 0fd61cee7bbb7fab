#include "video_frames.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace motion_test {

std::string sample_video(const std::string& name) {
  namespace fs = std::filesystem;
  std::string looked_in = "$FLOWRUN_SAMPLES";
  if (const char* folder = std::getenv("FLOWRUN_SAMPLES")) {
    looked_in = folder;
  } else {  // where tests/tools/sample_media.sh puts them
    const char *cache = std::getenv("XDG_CACHE_HOME"), *home = std::getenv("HOME");
    const fs::path base = cache ? fs::path(cache) : fs::path(home ? home : "") / ".cache";
    looked_in = base / "flowrun/media/opencv-doc/usr/share/doc/opencv-doc/examples/data";
  }
  if (fs::path path = fs::path(looked_in) / name; fs::is_regular_file(path)) return path;
  throw std::runtime_error("no " + name + " in " + looked_in +
                           ": set FLOWRUN_SAMPLES to the folder, or run tests/tools/sample_media.sh");
}

video_frames::video_frames(const std::string& path, int width, int height, int frames)
    : width_(width), height_(height) {
  // Bit exact: the same pixels on every processor. The frames as they are stored: none doubled, none left out.
  const std::string command = "ffmpeg -nostdin -v error -threads 1 -i '" + path + "' -map 0:v:0 -frames:v " +
                              std::to_string(frames) +
                              " -fps_mode passthrough -sws_flags bicubic+accurate_rnd+full_chroma_int+"
                              "bitexact -pix_fmt bgr24 -f rawvideo -";
  pipe_ = popen(command.c_str(), "r");
  if (!pipe_) throw std::runtime_error("cannot start ffmpeg");
}

video_frames::~video_frames() {
  pclose(pipe_);
}

cv::Mat video_frames::next() {
  cv::Mat frame(height_, width_, CV_8UC3);
  const std::size_t bytes = frame.total() * frame.elemSize();
  return std::fread(frame.data, 1, bytes, pipe_) == bytes ? frame : cv::Mat();
}

}  // namespace motion_test
