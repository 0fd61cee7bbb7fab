// One video file, frame by frame, in the order in which they are shown.
#pragma once
#include <cstdint>
#include <flowrun/types/image.hpp>
#include <functional>
#include <memory>
#include <string>

#include "video_options.hpp"

namespace media {

class video_decoder;
class frame_clock;
class frame_converter;

struct video_size {
  int width = 0, height = 0;  // px of the frames given, upright; 0: the file's header does not say
  std::uint64_t bytes = 0;    // of one frame given
};

// Frames are those that FFmpeg's decoder gives, damaged packets passed over, as `ffprobe -count_frames` counts them: a
// file that is cut off gives what is there. A file without a video stream (sound only) has no frames. One thread.
class video_reader {
 public:
  // `stop` is asked while the file is read; when it says true, next() is false and stopped() true. May be empty.
  // Throws std::runtime_error whose text goes on from the file's name: no video, unreadable, codec unknown, too large.
  video_reader(const std::string& path, const video_options& options, std::function<bool()> stop);
  ~video_reader();

  // To the next frame that the options select; frames in between are decoded, not converted. False: there is no more.
  // Throws std::runtime_error where it cannot go on: no frame at all could be decoded, a frame is over max_pixels.
  bool next();
  bool stopped() const;

  // Of the frame next() went to.
  std::uint64_t index() const;   // among all frames of the file, from 0
  std::int64_t time_ns() const;  // since the stream's start
  std::uint64_t bytes() const;   // of what load() gives
  // Upright, 8-bit BGR, at most max_side; see frame_converter.hpp for colours. Throws as decode_image does.
  flowrun::image load();

  // By the file's header alone, nothing decoded. Throws like the constructor.
  static video_size size_of(const std::string& path, const video_options& options);

 private:
  bool select(std::uint64_t index, std::int64_t time_ns);

  video_options options_;
  std::unique_ptr<video_decoder> decoder_;
  std::unique_ptr<frame_clock> clock_;
  std::unique_ptr<frame_converter> converter_;
  std::int64_t given_ = 0;
  std::uint64_t decoded_ = 0, index_ = 0;
  std::int64_t time_ns_ = 0;
  bool over_ = false;
};

}  // namespace media
