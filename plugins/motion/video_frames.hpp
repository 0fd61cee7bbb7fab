// Frames of a video for tests, decoded by the command ffmpeg.
#pragma once
#include <cstdio>
#include <opencv2/core.hpp>
#include <string>

namespace motion_test {

// Path of a sample video such as "vtest.avi": in $FLOWRUN_SAMPLES, or where tests/tools/sample_media.sh puts them.
// Throws std::runtime_error where there is none.
std::string sample_video(const std::string& name);

class video_frames {
 public:
  // The first `frames` frames, fewer where the video has fewer.
  video_frames(const std::string& path, int width, int height, int frames);
  ~video_frames();
  video_frames(const video_frames&) = delete;
  video_frames& operator=(const video_frames&) = delete;

  // BGR in memory of its own; empty after the last frame, or where ffmpeg fails (it says so on stderr).
  cv::Mat next();

 private:
  int width_, height_;
  std::FILE* pipe_ = nullptr;
};

}  // namespace motion_test
