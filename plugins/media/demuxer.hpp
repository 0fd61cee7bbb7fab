// A video file's container: which streams it has, and the packets of its video stream.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "av_input.hpp"

namespace media {

class demuxer {
 public:
  // Reads the header only. Throws std::runtime_error whose text goes on from the file's name: no container that is
  // read, damaged. A stop leaves it without a video stream.
  demuxer(const std::string& path, std::function<bool()> stop);
  demuxer(const demuxer&) = delete;
  demuxer& operator=(const demuxer&) = delete;

  // Reads as far into the file as it takes to know all streams. `max_pixels` bounds what is decoded for that.
  void find_streams(std::uint64_t max_pixels);
  // The first video stream that is no cover picture; null: there is none.
  AVStream* video() const { return video_; }
  std::string name() const;  // the container's, in FFmpeg's words
  AVFormatContext* context() const { return context_.get(); }
  // The video stream's next packet. False at the end, and when stopped. Throws where the file cannot be read.
  bool read(AVPacket& packet);
  bool stopped() const { return stopped_ || input_.stopped(); }

 private:
  const AVInputFormat* probe(const std::string& path);
  void choose_video();
  void check_reading() const;

  av_input input_;  // outlives the context
  av_handle<AVFormatContext> context_;
  AVStream* video_ = nullptr;
  bool stopped_ = false;
};

}  // namespace media
