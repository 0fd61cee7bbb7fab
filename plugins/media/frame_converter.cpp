#include "frame_converter.hpp"

#include <stdexcept>
#include <string>

#include "on_white.hpp"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace media {

namespace {

int matrix_of(const AVFrame& frame) {
  constexpr int sd_rows = 576;
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      return SWS_CS_ITU709;
    case AVCOL_SPC_FCC:
      return SWS_CS_FCC;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
      return SWS_CS_ITU601;
    case AVCOL_SPC_SMPTE240M:
      return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return SWS_CS_BT2020;
    default:
      return frame.height > sd_rows ? SWS_CS_ITU709 : SWS_CS_ITU601;
  }
}

// The formats whose name says full range, whatever the stream says.
bool is_full_format(int format) {
  return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P ||
         format == AV_PIX_FMT_YUVJ440P || format == AV_PIX_FMT_YUVJ411P;
}

bool is_full_range(const AVFrame& frame, const AVPixFmtDescriptor& pixels) {
  if (is_full_format(frame.format) || frame.color_range == AVCOL_RANGE_JPEG) return true;
  return frame.color_range == AVCOL_RANGE_UNSPECIFIED && pixels.nb_components < 3;
}

}  // namespace

void frame_converter::prepare(const setting& s, AVPixelFormat to) {
  if (scaler_ && prepared_ == s) return;
  scaler_.reset(sws_getContext(s.width, s.height, static_cast<AVPixelFormat>(s.format), s.width, s.height, to,
                               SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (!scaler_)
    throw std::runtime_error("has frames of the pixel format '" +
                             std::string(av_get_pix_fmt_name(static_cast<AVPixelFormat>(s.format))) + "' and " +
                             std::to_string(s.width) + " x " + std::to_string(s.height) +
                             " px, which libswscale does not convert");
  constexpr int one = 1 << 16, full = 1;
  sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(s.matrix), s.full_range,
                           sws_getCoefficients(SWS_CS_DEFAULT), full, 0, one, one);
  prepared_ = s;
}

cv::Mat frame_converter::to_bgr(const AVFrame& frame) {
  const AVPixFmtDescriptor* pixels = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  if (pixels == nullptr) throw std::runtime_error("has frames of a pixel format that FFmpeg does not name");
  bool alpha = (pixels->flags & AV_PIX_FMT_FLAG_ALPHA) != 0 && !ignore_alpha_;
  prepare({frame.width, frame.height, frame.format, matrix_of(frame), is_full_range(frame, *pixels) ? 1 : 0},
          alpha ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR24);
  // The fast way writes blocks of pixels, over the row's end.
  constexpr int block = 32;
  cv::Mat wide(frame.height, (frame.width + block - 1) / block * block, alpha ? CV_8UC4 : CV_8UC3);
  std::uint8_t* to[4] = {wide.data};
  int strides[4] = {static_cast<int>(wide.step)};
  if (sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, to, strides) != frame.height)
    throw std::runtime_error("has a frame that libswscale cannot convert");
  cv::Mat out = wide.colRange(0, frame.width);
  return alpha ? on_white(out) : out;
}

}  // namespace media
