// A video file's frames as the decoder gives them, one after the other.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "demuxer.hpp"

namespace media {

class video_decoder {
 public:
  // Throws like video_reader.
  video_decoder(const std::string& path, std::uint64_t max_pixels, std::function<bool()> stop);
  video_decoder(const video_decoder&) = delete;
  video_decoder& operator=(const video_decoder&) = delete;

  // False at the end and when stopped, then for ever. Damaged packets are passed over, but for a frame over max_pixels
  // and a file of which nothing can be decoded.
  bool next();
  bool stopped() const { return demuxer_.stopped(); }
  const AVFrame& frame() const { return *frame_; }
  // Both only where there is a video stream, which is so once next() was true.
  const AVStream& stream() const { return *demuxer_.video(); }
  AVRational frame_rate() const { return av_guess_frame_rate(demuxer_.context(), demuxer_.video(), nullptr); }
  // Whether the fourth byte of a pixel is a filler rather than alpha.
  bool has_filler() const;

 private:
  enum class progress { frame, more, end_of_packet };
  static int get_buffer(AVCodecContext* codec, AVFrame* frame, int flags) noexcept;
  void open_codec();
  void check_size(int width, int height) const;
  void begin_packet();
  progress decode();

  std::uint64_t max_pixels_;
  demuxer demuxer_;
  av_handle<AVCodecContext> codec_;
  av_handle<AVPacket> packet_;
  av_handle<AVFrame> frame_;
  std::uint64_t frames_ = 0;
  bool pending_ = false, sent_ = false, draining_ = false, over_ = false;
  int refused_width_ = 0, refused_height_ = 0;  // of a frame over max_pixels
  int first_error_ = 0;
};

}  // namespace media
