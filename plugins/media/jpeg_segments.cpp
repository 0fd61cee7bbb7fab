#include "jpeg_segments.hpp"

#include "byte_reader.hpp"

namespace media {

bool jpeg_segments::next(jpeg_segment& segment) {
  byte_reader in(file_, true);
  for (;;) {
    at_ = file_.find('\xff', at_);
    if (at_ != std::string_view::npos) at_ = file_.find_first_not_of('\xff', at_);
    if (at_ == std::string_view::npos) {
      at_ = file_.size();
      return false;
    }
    int marker = static_cast<unsigned char>(file_[at_++]);
    // 00: a stuffed data byte; d0 to d7: restarts; d8: the start. None has a body.
    if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    segment = {marker, {}};
    if (marker == end_of_image) return true;
    std::size_t length = in.u16(at_);
    if (in.failed() || length < 2 || file_.size() - at_ < length) {
      at_ = file_.size();
      return false;
    }
    segment.body = file_.substr(at_ + 2, length - 2);
    at_ += length;
    return true;
  }
}

}  // namespace media
