#include "video_formats.hpp"

#include <string_view>

namespace media {

// Left out are playlists and scripts (concat, hls, dash, ...), patterns of files (image2), devices, networks, and what
// is rendered rather than decoded.
const char* const video_formats =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,ogg,flv,asf,gif,yuv4mpegpipe,nut,"
    "ivf,"
    "mxf,rm,dv,wav,w64,mp3,flac,aac,ac3,eac3,dts,aiff,au,amr,caf,ape,wv,tta";

const char* const video_format_names = "MP4/MOV, Matroska/WebM, AVI, MPEG, Ogg, FLV, ASF/WMV, GIF, Y4M, NUT, IVF, MXF";

bool is_video_format(const std::string& demuxer) {
  std::string known = "," + std::string(video_formats) + ",";
  std::string_view names = demuxer;
  // All of them: each must be one that was looked at.
  while (!names.empty()) {
    std::size_t comma = names.find(',');
    std::string name = "," + std::string(names.substr(0, comma)) + ",";
    if (known.find(name) == std::string::npos) return false;
    names = comma == std::string_view::npos ? std::string_view() : names.substr(comma + 1);
  }
  return !demuxer.empty();
}

}  // namespace media
