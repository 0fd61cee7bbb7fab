// Decoded frames as 8-bit BGR.
#pragma once
#include <opencv2/core/mat.hpp>

#include "av_handles.hpp"

namespace media {

// By these rules:
// - the matrix is the stream's (BT.601, BT.709, BT.2020, FCC, SMPTE 240M); where it says none, BT.709 for frames of
// more
//   than 576 rows and BT.601 for the others, as broadcast does;
// - the range is the stream's; where it says none, limited (16..235) for YUV, full for grey and RGB;
// - more than 8 bits are scaled to 8; primaries and transfer are not converted: HDR (PQ, HLG) and wide gamuts are taken
//   as if they were SDR, so that PQ looks flat and grey;
// - alpha is blended on white, but not that of uncompressed AVI, which most writers leave 0;
// - values are within 3 of 255 of the exact ones (libswscale's fast way, the one OpenCV and the ffmpeg command take);
// - pixels that are not square stay as stored, fields of interlaced video stay woven.
class frame_converter {
 public:
  explicit frame_converter(bool ignore_alpha) : ignore_alpha_(ignore_alpha) {}

  // Throws std::runtime_error for a pixel format that cannot be converted.
  cv::Mat to_bgr(const AVFrame& frame);

 private:
  struct setting {
    int width = 0, height = 0, format = -1, matrix = 0, full_range = 0;
    bool operator==(const setting&) const = default;
  };
  void prepare(const setting& s, AVPixelFormat to);

  bool ignore_alpha_;
  setting prepared_;
  av_handle<SwsContext> scaler_;
};

}  // namespace media
