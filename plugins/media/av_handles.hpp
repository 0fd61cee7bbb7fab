// FFmpeg's objects, owned; and its error numbers as text.
#pragma once
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}
#include <memory>
#include <string>

namespace media {

struct av_deleter {
  void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(SwsContext* p) const { sws_freeContext(p); }
  void operator()(AVIOContext* p) const {
    av_freep(&p->buffer);  // FFmpeg may have exchanged the one it was given
    avio_context_free(&p);
  }
};
template <class T> using av_handle = std::unique_ptr<T, av_deleter>;

// Throws std::bad_alloc where FFmpeg gave nothing.
template <class T> av_handle<T> own(T* p) {
  if (p == nullptr) throw std::bad_alloc();
  return av_handle<T>(p);
}

inline std::string av_error_text(int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof text);
  return text;
}

}  // namespace media
