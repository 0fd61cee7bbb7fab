#include "video_decoder.hpp"

#include <stdexcept>

#include "picture_size.hpp"

namespace media {

video_decoder::video_decoder(const std::string& path, std::uint64_t max_pixels, std::function<bool()> stop)
    : max_pixels_(max_pixels),
      demuxer_(path, std::move(stop)),
      packet_(own(av_packet_alloc())),
      frame_(own(av_frame_alloc())) {
  demuxer_.find_streams(max_pixels);
  over_ = demuxer_.video() == nullptr;
  if (!over_) open_codec();
}

void video_decoder::open_codec() {
  const AVCodecParameters& parameters = *demuxer_.video()->codecpar;
  check_size(parameters.width, parameters.height);
  const AVCodec* found = avcodec_find_decoder(parameters.codec_id);
  if (found == nullptr) {
    char tag[AV_FOURCC_MAX_STRING_SIZE] = {};
    av_fourcc_make_string(tag, parameters.codec_tag);
    throw std::runtime_error("holds video of the codec '" + std::string(avcodec_get_name(parameters.codec_id)) +
                             "' (tag '" + tag + "'), which this FFmpeg does not decode");
  }
  codec_ = own(avcodec_alloc_context3(found));
  int error = avcodec_parameters_to_context(codec_.get(), &parameters);
  codec_->pkt_timebase = demuxer_.video()->time_base;
  codec_->thread_count = 1;  // several files are read at once
  codec_->opaque = this;
  codec_->get_buffer2 = &video_decoder::get_buffer;
  if (error >= 0) error = avcodec_open2(codec_.get(), found, nullptr);
  if (error < 0)
    throw std::runtime_error("holds video of the codec '" + std::string(found->name) +
                             "', whose decoder does not start (" + av_error_text(error) +
                             "): the file is cut off or damaged");
}

// A decoder's own limit (AVCodecContext::max_pixels) would pass for a damaged packet.
int video_decoder::get_buffer(AVCodecContext* codec, AVFrame* frame, int flags) noexcept {
  auto& self = *static_cast<video_decoder*>(codec->opaque);
  if (static_cast<std::uint64_t>(codec->width) * static_cast<std::uint64_t>(codec->height) > self.max_pixels_) {
    self.refused_width_ = codec->width;
    self.refused_height_ = codec->height;
    return AVERROR(EINVAL);
  }
  return avcodec_default_get_buffer2(codec, frame, flags);
}

void video_decoder::check_size(int width, int height) const {
  if (width <= 0 || height <= 0) return;  // not known yet
  std::string problem =
      too_many_pixels(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), max_pixels_);
  if (!problem.empty()) throw std::runtime_error(problem);
}

bool video_decoder::has_filler() const {
  return codec_ && codec_->codec_id == AV_CODEC_ID_RAWVIDEO && demuxer_.name() == "avi";
}

bool video_decoder::next() {
  while (!over_) {
    if (stopped()) break;
    if (!pending_) begin_packet();
    progress made = decode();
    check_size(refused_width_, refused_height_);
    if (made == progress::frame) {
      check_size(frame_->width, frame_->height);
      ++frames_;
      return true;
    }
    if (made == progress::more) continue;
    pending_ = false;
    av_packet_unref(packet_.get());
    over_ = draining_;
  }
  over_ = true;
  if (frames_ == 0 && first_error_ != 0 && !stopped())
    throw std::runtime_error("has no frame that can be decoded (" + std::string(codec_->codec->name) + ": " +
                             av_error_text(first_error_) + "): the file is damaged");
  return false;
}

// The packets' end is an empty packet: the decoder gives what it held back.
void video_decoder::begin_packet() {
  draining_ = !demuxer_.read(*packet_);
  if (draining_) av_packet_unref(packet_.get());
  pending_ = true;
  sent_ = false;
}

// The steps of ffprobe's process_frame(), so that the frames are the same: after an error the rest of the packet is
// left.
video_decoder::progress video_decoder::decode() {
  int error = 0;
  if (!sent_) {
    error = avcodec_send_packet(codec_.get(), packet_.get());
    if (error == AVERROR_EOF) error = 0;
    sent_ = error == 0;
    if (error == AVERROR(EAGAIN)) error = 0;
  }
  if (error >= 0) error = avcodec_receive_frame(codec_.get(), frame_.get());
  if (error >= 0) return progress::frame;
  if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return sent_ ? progress::end_of_packet : progress::more;
  if (first_error_ == 0) first_error_ = error;
  return progress::end_of_packet;
}

}  // namespace media
