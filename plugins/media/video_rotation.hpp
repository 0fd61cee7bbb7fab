// How a video's frames are turned to stand upright: its display matrix as EXIF's orientation.
#pragma once
#include <cstdint>

#include "av_handles.hpp"

namespace media {

// `matrix` as FFmpeg gives it: 9 numbers, row by row. 1..8, the nearest quarter turn with or without mirroring; 1 where
// the matrix makes no sense.
int orientation_of_matrix(const std::int32_t* matrix);

// 1 where there is no matrix. A frame's own goes before its stream's.
int orientation_of(const AVStream& stream);
int orientation_of(const AVFrame& frame, const AVStream& stream);

}  // namespace media
