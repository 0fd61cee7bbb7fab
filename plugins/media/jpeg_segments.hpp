// Walks the segments of a JPEG file.
#pragma once
#include <string_view>

namespace media {

struct jpeg_segment {
  int marker = 0;         // the byte after 0xff
  std::string_view body;  // after the length
};

class jpeg_segments {
 public:
  static constexpr int end_of_image = 0xd9, start_of_scan = 0xda, app1 = 0xe1;

  explicit jpeg_segments(std::string_view file) : file_(file) {}
  // Scan data, restart markers and garbage between segments are stepped over, as libjpeg does. False: the file ended,
  // which a whole JPEG does only after end_of_image.
  bool next(jpeg_segment& segment);

 private:
  std::string_view file_;
  std::size_t at_ = 2;
};

}  // namespace media
