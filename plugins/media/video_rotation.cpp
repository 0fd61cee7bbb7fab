#include "video_rotation.hpp"

#include <cstdlib>
#include <cstring>

namespace media {

int orientation_of_matrix(const std::int32_t* m) {
  // A pixel at (x, y), y downwards, is shown at (ax + cy, bx + dy), but for a shift.
  std::int64_t a = m[0], b = m[1], c = m[3], d = m[4];
  if (std::llabs(a) + std::llabs(d) > std::llabs(b) + std::llabs(c)) {
    if (a > 0) return d < 0 ? 4 : 1;
    return d < 0 ? 3 : 2;
  }
  if (b == 0 || c == 0) return 1;
  if (c < 0) return b > 0 ? 6 : 7;
  return b > 0 ? 5 : 8;
}

namespace {

int orientation_of_bytes(const std::uint8_t* bytes, std::size_t size) {
  std::int32_t matrix[9];
  if (bytes == nullptr || size < sizeof matrix) return 1;
  std::memcpy(matrix, bytes, sizeof matrix);
  return orientation_of_matrix(matrix);
}

}  // namespace

int orientation_of(const AVStream& stream) {
  std::size_t size = 0;
  const std::uint8_t* bytes = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  return orientation_of_bytes(bytes, size);
}

int orientation_of(const AVFrame& frame, const AVStream& stream) {
  const AVFrameSideData* own = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
  return own == nullptr ? orientation_of(stream) : orientation_of_bytes(own->data, own->size);
}

}  // namespace media
