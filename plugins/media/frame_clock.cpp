#include "frame_clock.hpp"

#include <limits>

namespace media {

namespace {

constexpr AVRational nanosecond{1, 1'000'000'000};

}  // namespace

frame_clock::frame_clock(AVRational time_base, std::int64_t start, AVRational frame_rate)
    : time_base_(time_base), start_(start), frame_rate_(frame_rate) {
  if (frame_rate_.num <= 0 || frame_rate_.den <= 0) frame_rate_ = {25, 1};
  if (time_base_.num <= 0 || time_base_.den <= 0) time_base_ = {0, 1};
}

std::int64_t frame_clock::time_ns(std::int64_t timestamp, std::uint64_t index) {
  constexpr auto overflow = std::numeric_limits<std::int64_t>::min();  // av_rescale_q's, and AV_NOPTS_VALUE
  if (timestamp != AV_NOPTS_VALUE && time_base_.num > 0) {
    if (start_ == AV_NOPTS_VALUE) start_ = timestamp;
    std::int64_t since = 0, ns = overflow;
    if (!__builtin_sub_overflow(timestamp, start_, &since)) ns = av_rescale_q(since, time_base_, nanosecond);
    if (ns != overflow) {
      known_ns_ = ns;
      known_index_ = index;
      return ns;
    }
  }
  std::int64_t since = av_rescale_q(static_cast<std::int64_t>(index - known_index_), av_inv_q(frame_rate_), nanosecond);
  std::int64_t ns = 0;
  return __builtin_add_overflow(known_ns_, since, &ns) ? known_ns_ : ns;
}

}  // namespace media
