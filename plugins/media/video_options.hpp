// Which frames of a video are read, and how large.
#pragma once
#include <cstdint>

namespace media {

struct video_options {
  int every_nth = 1;            // frames 0, n, 2n, ... of all that the medium has
  std::int64_t max_frames = 0;  // of those given; 0: all
  double start = 0, end = 0;    // seconds of presentation time, start <= t < end; end 0: to the end
  std::uint64_t max_pixels = 200'000'000;
  int max_side = 0;  // px of the longer side; 0: full size
};

}  // namespace media
