#include "av_input.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace media {

av_input::av_input(const std::string& path, std::function<bool()> stop) : stop_(std::move(stop)) {
  constexpr int buffer_bytes = 32 << 10;  // what FFmpeg takes for files
  int error = file_.open(path);
  if (error == EINVAL) throw std::runtime_error("is no regular file");
  if (error == ENOENT || error == ENOTDIR) throw std::runtime_error("does not exist");
  if (error != 0) throw std::runtime_error(std::string("cannot be read: ") + std::strerror(error));
  if (size() == 0) throw std::runtime_error("is empty");
  auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_bytes));
  if (buffer == nullptr) throw std::bad_alloc();
  AVIOContext* io = avio_alloc_context(buffer, buffer_bytes, 0, this, &av_input::read, nullptr, &av_input::seek);
  if (io == nullptr) av_free(buffer);
  io_ = own(io);
}

bool av_input::stopped() const noexcept {
  try {
    return stop_ && stop_();
  } catch (...) {
    return true;
  }
}

int av_input::read(void* self, std::uint8_t* to, int size) noexcept {
  auto& in = *static_cast<av_input*>(self);
  if (in.stopped()) return AVERROR_EXIT;
  std::size_t got = 0;
  int error = in.file_.read_at(in.at_, reinterpret_cast<char*>(to), static_cast<std::size_t>(size), got);
  if (error != 0) {
    in.error_ = error;
    return AVERROR(error);
  }
  in.at_ += static_cast<std::int64_t>(got);
  return got == 0 ? AVERROR_EOF : static_cast<int>(got);
}

std::int64_t av_input::seek(void* self, std::int64_t offset, int whence) noexcept {
  auto& in = *static_cast<av_input*>(self);
  auto size = static_cast<std::int64_t>(in.size());
  std::int64_t from = 0;
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return size;
    case SEEK_SET:
      break;
    case SEEK_CUR:
      from = in.at_;
      break;
    case SEEK_END:
      from = size;
      break;
    default:
      return AVERROR(EINVAL);
  }
  std::int64_t to = 0;
  if (__builtin_add_overflow(from, offset, &to) || to < 0) return AVERROR(EINVAL);
  return in.at_ = to;
}

}  // namespace media
