#include "demuxer.hpp"

#include <cstring>
#include <stdexcept>
#include <vector>

#include "video_formats.hpp"

namespace media {

namespace {

int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

int ask_stopped(void* input) {
  return static_cast<const av_input*>(input)->stopped() ? 1 : 0;
}

std::string first_name(const char* names) {
  std::string all = names;
  return all.substr(0, all.find(','));
}

void check_memory(int error) {
  if (error == AVERROR(ENOMEM))
    throw std::runtime_error("asks for more memory than there is: the file is damaged, or the machine is full");
}

}  // namespace

demuxer::demuxer(const std::string& path, std::function<bool()> stop) : input_(path, std::move(stop)) {
  const AVInputFormat* format = probe(path);
  if (format == nullptr) return;
  auto context = own(avformat_alloc_context());
  context->pb = input_.io();
  context->interrupt_callback = {&ask_stopped, &input_};
  // Three locks on the one door: no callback that opens, no protocol, no other demuxer inside this one.
  context->io_open = &refuse_to_open;
  context->protocol_whitelist = av_strdup("none");
  context->format_whitelist = av_strdup(video_formats);
  AVFormatContext* raw = context.release();  // avformat_open_input frees it when it fails
  AVDictionary* options = nullptr;
  av_dict_set(&options, "scan_all_pmts", "1", 0);
  int error = avformat_open_input(&raw, "", format, &options);
  av_dict_free(&options);
  context_.reset(raw);
  if (error == AVERROR_EXIT) stopped_ = true;
  if (stopped_) return;
  check_reading();
  check_memory(error);
  if (error < 0)
    throw std::runtime_error("cannot be opened as '" + first_name(format->name) + "' (" + av_error_text(error) +
                             "): the file is cut off or damaged");
  choose_video();
}

const AVInputFormat* demuxer::probe(const std::string& path) {
  const AVInputFormat* format = nullptr;
  std::string name = path.substr(path.rfind('/') + 1);
  int error = av_probe_input_buffer2(input_.io(), &format, name.c_str(), nullptr, 0, 0);
  if (error == AVERROR_EXIT) stopped_ = true;
  if (stopped_) return nullptr;
  check_reading();
  if (error < 0 || format == nullptr)
    throw std::runtime_error("is no video that flowrun reads (" + std::string(video_format_names) + ")");
  if (!is_video_format(format->name))
    throw std::runtime_error("is read by FFmpeg's demuxer '" + std::string(format->name) +
                             "', which flowrun does not use; it reads videos of " + video_format_names);
  return format;
}

void demuxer::choose_video() {
  constexpr int pictures = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
  video_ = nullptr;
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    AVStream* s = context_->streams[i];
    if (video_ == nullptr && s->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && (s->disposition & pictures) == 0)
      video_ = s;
  }
}

void demuxer::find_streams(std::uint64_t max_pixels) {
  if (!context_) return;
  std::vector<AVDictionary*> options(context_->nb_streams, nullptr);
  for (AVDictionary*& o : options) av_dict_set_int(&o, "max_pixels", static_cast<std::int64_t>(max_pixels), 0);
  int error = avformat_find_stream_info(context_.get(), options.data());
  for (AVDictionary*& o : options) av_dict_free(&o);
  if (stopped()) {
    stopped_ = true;
    video_ = nullptr;
    return;
  }
  check_reading();
  check_memory(error);
  choose_video();
  for (unsigned i = 0; i < context_->nb_streams; ++i)
    if (context_->streams[i] != video_) context_->streams[i]->discard = AVDISCARD_ALL;
}

std::string demuxer::name() const {
  return context_ ? first_name(context_->iformat->name) : "";
}

bool demuxer::read(AVPacket& packet) {
  if (video_ == nullptr) return false;
  while (!stopped()) {
    int error = av_read_frame(context_.get(), &packet);
    if (error < 0) {
      if (error == AVERROR_EXIT) stopped_ = true;
      check_reading();
      check_memory(error);
      return false;
    }
    if (packet.stream_index == video_->index) return true;
    av_packet_unref(&packet);
  }
  stopped_ = true;
  return false;
}

// A disk that fails is told; FFmpeg's demuxers take it for the file's end.
void demuxer::check_reading() const {
  if (input_.error() != 0) throw std::runtime_error(std::string("cannot be read: ") + std::strerror(input_.error()));
}

}  // namespace media
