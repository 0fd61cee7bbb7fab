#include "video_reader.hpp"

#include <cmath>
#include <flowrun/opencv.hpp>

#include "exif_orientation.hpp"
#include "frame_clock.hpp"
#include "frame_converter.hpp"
#include "picture_size.hpp"
#include "video_decoder.hpp"
#include "video_rotation.hpp"

namespace media {

namespace {

std::uint64_t bytes_of(cv::Size size) {
  return static_cast<std::uint64_t>(size.width) * static_cast<std::uint64_t>(size.height) * 3;
}

cv::Size given_size(int width, int height, int orientation, int max_side) {
  cv::Size size = scaled_size(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), max_side);
  return orientation > 4 ? cv::Size(size.height, size.width) : size;
}

}  // namespace

video_reader::video_reader(const std::string& path, const video_options& options, std::function<bool()> stop)
    : options_(options), decoder_(std::make_unique<video_decoder>(path, options.max_pixels, std::move(stop))) {}

video_reader::~video_reader() = default;

bool video_reader::stopped() const {
  return decoder_->stopped();
}

bool video_reader::next() {
  if (options_.max_frames > 0 && given_ == options_.max_frames) over_ = true;
  while (!over_ && decoder_->next()) {
    if (!clock_) {
      const AVStream& stream = decoder_->stream();
      clock_ = std::make_unique<frame_clock>(stream.time_base, stream.start_time, decoder_->frame_rate());
      converter_ = std::make_unique<frame_converter>(decoder_->has_filler());
    }
    index_ = decoded_++;
    time_ns_ = clock_->time_ns(decoder_->frame().best_effort_timestamp, index_);
    if (!select(index_, time_ns_)) continue;
    ++given_;
    return true;
  }
  over_ = true;
  return false;
}

bool video_reader::select(std::uint64_t index, std::int64_t time_ns) {
  const double seconds = static_cast<double>(time_ns) / 1e9;
  // Frames come in the order of their times: none after this one is before the end.
  if (options_.end > 0 && seconds >= options_.end) {
    over_ = true;
    return false;
  }
  if (options_.start > 0 && seconds < options_.start) return false;
  return options_.every_nth <= 1 || index % static_cast<std::uint64_t>(options_.every_nth) == 0;
}

std::uint64_t video_reader::index() const {
  return index_;
}

std::int64_t video_reader::time_ns() const {
  return time_ns_;
}

std::uint64_t video_reader::bytes() const {
  const AVFrame& frame = decoder_->frame();
  return bytes_of(given_size(frame.width, frame.height, 1, options_.max_side));
}

flowrun::image video_reader::load() {
  const AVFrame& frame = decoder_->frame();
  cv::Mat pixels = converter_->to_bgr(frame);
  pixels = shrink(pixels, given_size(frame.width, frame.height, 1, options_.max_side));
  return flowrun::share(upright(pixels, orientation_of(frame, decoder_->stream())));
}

video_size video_reader::size_of(const std::string& path, const video_options& options) {
  demuxer file(path, {});
  const AVStream* stream = file.video();
  if (stream == nullptr || stream->codecpar->width <= 0 || stream->codecpar->height <= 0) return {};
  cv::Size size =
      given_size(stream->codecpar->width, stream->codecpar->height, orientation_of(*stream), options.max_side);
  return {size.width, size.height, bytes_of(size)};
}

}  // namespace media
