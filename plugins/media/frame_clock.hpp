// When a frame is shown, in ns since the stream's start.
#pragma once
#include <cstdint>

#include "av_handles.hpp"

namespace media {

// The container's timestamps as they are, so variable frame rates too; a frame without one comes a frame's duration
// (by the container's frame rate; 25 a second where it has none) after the one before.
class frame_clock {
 public:
  // `start` is the stream's start time or AV_NOPTS_VALUE: then the first timestamp is the start.
  frame_clock(AVRational time_base, std::int64_t start, AVRational frame_rate);

  // `timestamp` may be AV_NOPTS_VALUE. Frames are asked for in order, index ascending.
  std::int64_t time_ns(std::int64_t timestamp, std::uint64_t index);

 private:
  AVRational time_base_;
  std::int64_t start_;
  AVRational frame_rate_;
  std::int64_t known_ns_ = 0;  // of the last frame that had a timestamp
  std::uint64_t known_index_ = 0;
};

}  // namespace media
